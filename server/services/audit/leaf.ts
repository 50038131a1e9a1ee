import { hashLeaf } from './merkle'

/** `prev` of the first leaf of a log. */
export const NO_LEAF = Buffer.alloc(32)

/** What a leaf's bytes are made of. */
export interface LeafContent<Hash = Buffer> {
  /** The event's content hash. */
  content: Hash
  index: number
  /** The hash of the leaf before it. */
  prev: Hash
  scope: string
}

/** The leaf's bytes, RFC 8785: keys sorted, and nothing in them but digits, hex and the scope, so JSON's own escapes are canonical. */
export function leafText({ content, index, prev, scope }: LeafContent<string>): string {
  return `{"content":"${content}","index":${index},"prev":"${prev}","scope":${JSON.stringify(scope)},"v":1}`
}

/** The leaf's hash, shown as the event's `hash`: SHA-256(0x00 || leaf bytes). All hashes in hex. */
export function leafHex(leaf: LeafContent<string>): string {
  return hashLeaf(leafText(leaf))
}

/** The same of hashes as they are stored. */
export function leafHash({ content, prev, ...place }: LeafContent): Buffer {
  return Buffer.from(leafHex({ ...place, content: content.toString('hex'), prev: prev.toString('hex') }), 'hex')
}
