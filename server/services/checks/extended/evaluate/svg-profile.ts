import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** draft-svg-tiny-ps-abrotman §2: what receivers are told not to draw. */
const FORBIDDEN = [
  'script',
  'foreignObject',
  'image',
  'animate',
  'animateColor',
  'animateMotion',
  'animateTransform',
  'set',
  'a',
  'video',
  'audio',
]
const MAX_DEPTH = 64

/** Attributes stand under `@`; entities stay as they are, so that none can grow. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  maxNestedTags: MAX_DEPTH,
})

/** What keeps an SVG from the profile Tiny PS that BIMI asks for; null when nothing was found. */
export function svgFault(text: string): string | null {
  if (/<!DOCTYPE/i.test(text)) return 'it has a document type'
  if (XMLValidator.validate(text) !== true) return 'it is not well-formed XML'
  const root = svgRoot(text)
  if (!root) return 'its root is not svg'
  if (root['@baseProfile'] !== 'tiny-ps') return 'baseProfile is not "tiny-ps"'
  if (root['@version'] !== '1.2') return 'version is not "1.2"'
  if ('@x' in root || '@y' in root) return 'the root has x or y'
  if (textOf(root.title) === '') return 'it has no title'
  return findForbidden(root, 0)
}

type Node = Record<string, unknown>

function svgRoot(text: string): Node | null {
  try {
    const document: unknown = parser.parse(text)
    const root = isNode(document) ? document.svg : null
    return isNode(root) ? root : null
  } catch {
    // Nested deeper than the parser goes.
    return null
  }
}

function findForbidden(node: Node, depth: number): string | null {
  if (depth > MAX_DEPTH) return 'it is nested too deeply'
  for (const [name, value] of Object.entries(node)) {
    if (FORBIDDEN.includes(name)) return `it holds <${name}>`
    if (/^@on/i.test(name)) return `it holds the attribute ${name.slice(1)}`
    const isLink = name === '@href' || name === '@xlink:href'
    if (isLink && typeof value === 'string' && !value.startsWith('#')) return 'it refers to something outside'
    for (const child of Array.isArray(value) ? value : [value]) {
      const fault = isNode(child) ? findForbidden(child, depth + 1) : null
      if (fault) return fault
    }
  }
  return null
}

function textOf(value: unknown): string {
  if (isNode(value)) return textOf(value['#text'])
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
