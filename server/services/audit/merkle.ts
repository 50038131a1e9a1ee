import { sha256, sha256Hex } from './sha256'

// The tree of RFC 6962 §2.1 (RFC 9162 §2.1) with SHA-256: leaves and nodes are hashed under different first bytes.
const LEAF = '\0'
const NODE = Buffer.from([1])
const HASH_BYTES = 32

export const EMPTY_ROOT = sha256('')

/** The hash of a leaf's bytes: SHA-256(0x00 || bytes), hex. */
export function hashLeaf(bytes: string): string {
  return sha256Hex(LEAF + bytes)
}

/** The bytes of a node, of which a tree has as many as leaves: written anew each time, for to join them costs more than to hash them. */
const node = Buffer.concat([NODE, Buffer.alloc(2 * HASH_BYTES)])

/** The hash of two subtrees: SHA-256(0x01 || left || right). */
export function hashNode(left: Buffer, right: Buffer): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) return sha256(Buffer.concat([NODE, left, right]))
  left.copy(node, NODE.length)
  right.copy(node, NODE.length + HASH_BYTES)
  return sha256(node)
}

/** The largest power of two below `size` (> 1): where RFC 6962 divides a tree. */
export function splitAt(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The root over hashes of leaves, or of equally large full subtrees. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return EMPTY_ROOT
  let level = [...hashes]
  // Pairing from the left and carrying an odd last one up is RFC 6962's division, without recursion.
  while (level.length > 1) {
    const above: Buffer[] = []
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? hashNode(level[i]!, level[i + 1]!) : level[i]!)
    level = above
  }
  return level[0]!
}

/** What an inclusion proof speaks of: the leaf at `index` of the tree that had `size` leaves and this root. */
export interface Inclusion {
  index: number
  size: number
  leafHash: Buffer
  root: Buffer
}

/** Whether a proof shows that the leaf stands in the tree (RFC 9162 §2.1.3.2). */
export function verifyInclusion({ index, size, leafHash, root }: Inclusion, path: readonly Buffer[]): boolean {
  if (index < 0 || index >= size || leafHash.length !== HASH_BYTES) return false
  let [at, last, hash] = [index, size - 1, leafHash]
  for (const sibling of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = hashNode(hash, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && hash.equals(root)
}

/** What a consistency proof speaks of: the tree once had `from` leaves, and has `to` now. */
export interface Consistency {
  from: number
  to: number
  fromRoot: Buffer
  toRoot: Buffer
}

/** Whether a proof shows that the tree only grew (RFC 9162 §2.1.4.2). Of an empty tree nothing can be shown. */
export function verifyConsistency({ from, to, fromRoot, toRoot }: Consistency, path: readonly Buffer[]): boolean {
  if (from < 1 || from > to) return false
  if (from === to) return path.length === 0 && fromRoot.equals(toRoot)
  if (path.length === 0) return false
  const steps = isPowerOfTwo(from) ? [fromRoot, ...path] : [...path]
  let [at, last] = [from - 1, to - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  const first = steps.shift()!
  let [older, newer] = [first, first]
  for (const sibling of steps) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      ;[older, newer] = [hashNode(sibling, older), hashNode(sibling, newer)]
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else newer = hashNode(newer, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && older.equals(fromRoot) && newer.equals(toRoot)
}

// Not by bit operations: those hold 32 bits, a log may be larger.
const half = (value: number) => Math.floor(value / 2)
const isPowerOfTwo = (value: number) => value === 1 || splitAt(value) * 2 === value
