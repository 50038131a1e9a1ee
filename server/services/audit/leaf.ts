import { hashLeaf } from './merkle'

/** `prev` of the first leaf of a log. */
export const NO_LEAF = Buffer.alloc(32)

/** What a leaf's bytes are made of. */
export interface LeafContent {
  /** The event's content hash. */
  content: Buffer
  index: number
  /** The hash of the leaf before it. */
  prev: Buffer
  scope: string
}

/** The leaf's bytes, RFC 8785: keys sorted, and nothing in them but digits, hex and the scope, so JSON's own escapes are canonical. */
export function leafText({ content, index, prev, scope }: LeafContent): string {
  return `{"content":"${content.toString('hex')}","index":${index},"prev":"${prev.toString('hex')}","scope":${JSON.stringify(scope)},"v":1}`
}

/** The leaf's hash, shown as the event's `hash`: SHA-256(0x00 || leaf bytes). */
export function leafHash(leaf: LeafContent): Buffer {
  return hashLeaf(leafText(leaf))
}
