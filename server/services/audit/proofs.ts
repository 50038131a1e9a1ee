import { EMPTY_ROOT, hashNode, rootOf, splitAt } from './merkle'

/** Width of a tile: entries of level n + 1 are roots of 256 entries of level n. */
export const TILE = 256

/** Where a tree's stored hashes come from: at level 0 those of leaves, at every other the roots of full tiles below. */
export interface TreeSource {
  entries(stretch: { level: number; from: number; count: number }): Promise<Buffer[]>
}

/** The root of the tree as it was with `size` leaves (RFC 9162 §2.1.1). */
export function rootAt(source: TreeSource, size: number): Promise<Buffer> {
  return size === 0 ? Promise.resolve(EMPTY_ROOT) : subtree(source, 0, size)
}

/** The audit path of a leaf, lowest sibling first (RFC 9162 §2.1.3.1). */
export async function inclusionPath(source: TreeSource, index: number, size: number): Promise<Buffer[]> {
  const siblings: Promise<Buffer>[] = []
  for (let [start, end] = [0, size]; end - start > 1;) {
    const middle = start + splitAt(end - start)
    if (index < middle) {
      siblings.push(subtree(source, middle, end))
      end = middle
    } else {
      siblings.push(subtree(source, start, middle))
      start = middle
    }
  }
  return (await Promise.all(siblings)).reverse()
}

/** What shows that the tree of `from` leaves is the beginning of that of `to` (RFC 9162 §2.1.4.1). */
export async function consistencyPath(source: TreeSource, from: number, to: number): Promise<Buffer[]> {
  const path: Promise<Buffer>[] = []
  let [start, end] = [0, to]
  while (end !== from) {
    const middle = start + splitAt(end - start)
    if (from <= middle) {
      path.push(subtree(source, middle, end))
      end = middle
    } else {
      path.push(subtree(source, start, middle))
      start = middle
    }
  }
  // The verifier has the old root itself when the old tree is a full one from the left edge.
  if (start > 0) path.push(subtree(source, start, end))
  return (await Promise.all(path)).reverse()
}

/** The root over the leaves from `start` up to `end`. */
async function subtree(source: TreeSource, start: number, end: number): Promise<Buffer> {
  const size = end - start
  const half = size === 1 ? 0 : splitAt(size)
  if (half * 2 === size || size === 1) return fullSubtree(source, start, size)
  const [left, right] = await Promise.all([subtree(source, start, start + half), subtree(source, start + half, end)])
  return hashNode(left, right)
}

/** A subtree of 2^n leaves: at most 256 entries of one level. */
async function fullSubtree(source: TreeSource, start: number, size: number): Promise<Buffer> {
  let [level, width] = [0, 1]
  while (width * TILE <= size) [level, width] = [level + 1, width * TILE]
  return rootOf(await source.entries({ level, from: start / width, count: size / width }))
}
