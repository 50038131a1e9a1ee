import type { Reader } from '#drizzle/reader'
import { rootOf } from '../merkle'
import { TILE } from '../proofs'
import { type Fault, Faults } from './faults'
import { type PlacedHash, placedHashes, tileAt } from './read-tree'

/** Leaves of a log from one index, the first of a tile, up to another. */
export interface TreePart {
  logId: number
  from: number
  to: number
  /** Sizes of the log, within the part, at which its root is asked for. */
  sizes: number[]
}

export interface TreeFindings {
  /** Indexes that no leaf has, or two. */
  places: Fault[]
  tiles: Fault[]
  /** By those of the sizes at which a tile is not full: the root over that tile's leaves, hex. */
  edges: Map<number, string>
}

/** Whether each index of a log has one leaf, and whether the tiles were made of them. */
export function verifyTree(db: Reader, { logId, from, to, sizes }: TreePart): TreeFindings {
  const [places, tiles] = [new Faults(), new Faults()]
  const edges = new Map<number, string>()
  for (let start = from; start < to; start += TILE) {
    const end = Math.min(start + TILE, to)
    const hashes = onePerIndex(placedHashes(db, logId, start, end), { from: start, to: end }, places)
    if (hashes.length === TILE) verifyTile(db, { logId, level: 0, index: start / TILE, hashes }, tiles)
    for (const size of sizes)
      if (size > start && size < start + TILE && size <= end) edges.set(size, rootOver(hashes.slice(0, size - start)))
  }
  return { places: places.found, tiles: tiles.found, edges }
}

/** The hash at each index, null where there is none; tells of what is missing, and of what is there twice. */
function onePerIndex(placed: PlacedHash[], { from, to }: { from: number; to: number }, faults: Faults): (string | null)[] {
  const hashes: (string | null)[] = []
  const skipTo = (index: number) => {
    const [next, gap] = [from + hashes.length, index - from - hashes.length]
    if (gap > 0) faults.add('missing', next, gap === 1 ? 'a leaf' : `${gap} leaves`)
    while (hashes.length < index - from) hashes.push(null)
  }
  for (const [index, hash] of placed)
    if (index < from + hashes.length) faults.add('forked', Math.floor(index), 'two leaves at one index')
    else {
      skipTo(index)
      hashes.push(hash)
    }
  skipTo(to)
  return hashes
}

/** Digits of a hash. */
const HEX = 64

/** The place of a tile, and the hashes below it in hex: null where one is missing. */
interface TileCheck {
  logId: number
  level: number
  index: number
  hashes: (string | null)[]
}

/** A full tile against what lies below it. */
export function verifyTile(db: Reader, { logId, level, index, hashes }: TileCheck, faults: Faults): void {
  const place = index * TILE ** (level + 1)
  const tile = tileAt(db, logId, level, index)
  if (!tile) return faults.add('missing', place, `a tile of level ${level}`)
  if (tile.hashes !== hashes.join('')) {
    const differs = hashes.findIndex((hash, n) => hash !== tile.hashes?.slice(n * HEX, n * HEX + HEX))
    const what = `a tile of level ${level}, or what lies below it`
    faults.add('modified', place + Math.max(0, differs) * TILE ** level, what)
  } else if (rootOver(hashes) !== tile.root) faults.add('modified', place, `the root of a tile of level ${level}`)
}

/** The root over hashes in hex; where one is missing it is that of nothing that was ever written. */
export function rootOver(hashes: readonly (string | null)[]): string {
  return rootOf(hashes.map((hash) => Buffer.from(hash ?? '', 'hex'))).toString('hex')
}
