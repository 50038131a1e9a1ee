import { parse } from 'lossless-json'
import { ServiceError } from '#shared/errors'

/**
 * JSON that means one thing only: UTF-8, no key twice in an object, and no deeper than a reader of the log could follow.
 * @throws ServiceError BAD_REQUEST
 */
export function parseStrict(bytes: Uint8Array, maxDepth: number): unknown {
  const text = decoded(bytes)
  // Before the parser, which would descend as deep as the sender likes.
  if (depthOf(text) > maxDepth) throw new ServiceError('BAD_REQUEST', `The body is nested more than ${maxDepth} levels deep`)
  try {
    return parse(text, null, { parseNumber: Number, onDuplicateKey: refuseDuplicate })
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause
    throw new ServiceError('BAD_REQUEST', 'The body is not valid JSON', { cause })
  }
}

function refuseDuplicate(): never {
  throw new ServiceError('BAD_REQUEST', 'An object of the body names a key twice')
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ServiceError('BAD_REQUEST', 'The body is not UTF-8', { cause })
  }
}

const codes = (signs: string) => new Set([...signs].map((sign) => sign.charCodeAt(0)))
const [OPEN, CLOSE] = [codes('[{'), codes(']}')]
const [QUOTE, BACKSLASH] = ['"', '\\'].map((sign) => sign.charCodeAt(0))

/** The most brackets that are open at once outside of texts. In one walk, whatever the text is. */
export function depthOf(text: string): number {
  let [depth, deepest, isInText] = [0, 0, false]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) isInText = !isInText
    else if (isInText) i += code === BACKSLASH ? 1 : 0
    else if (OPEN.has(code)) deepest = Math.max(deepest, ++depth)
    else if (CLOSE.has(code)) depth--
  }
  return deepest
}
