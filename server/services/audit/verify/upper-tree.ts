import type { Reader } from '#drizzle/reader'
import { TILE } from '../proofs'
import { type Fault, Faults } from './faults'
import { tileRoots } from './read-tree'
import { rootOver, verifyTile } from './tree'

/** What lies above the leaves of a log. */
export interface UpperTree {
  logId: number
  size: number
  /** Sizes of the log at which its root is asked for. */
  sizes: number[]
  /** By size: the root over the leaves of the tile that was not full, hex. */
  edges: Map<number, string>
}

export interface UpperFindings {
  tiles: Fault[]
  /** The root that the log had at each size that was asked for, hex. */
  roots: Map<number, string>
}

/** Whether the tiles above the first level were made of those below, and which root the log had at each of some sizes. */
export function verifyUpperTree(db: Reader, { logId, size, sizes, edges }: UpperTree): UpperFindings {
  const tiles = new Faults()
  for (let level = 1, below = fullTiles(size); below >= TILE; level++, below = fullTiles(below))
    for (let index = 0; index < fullTiles(below); index++) {
      const hashes = tileRoots(db, { logId, level: level - 1, from: index * TILE, to: (index + 1) * TILE })
      verifyTile(db, { logId, level, index, hashes }, tiles)
    }
  return { tiles: tiles.found, roots: new Map(sizes.map((at) => [at, rootAt(db, logId, { size: at, edge: edges.get(at) })])) }
}

const fullTiles = (entries: number) => Math.floor(entries / TILE)

/**
 * The root at a size (RFC 9162 §2.1.1). A tile that is not full at a level is the last entry of the level above: pairing from the left and
 * carrying an odd last one up does not ask how large that one is.
 */
function rootAt(db: Reader, logId: number, { size, edge }: { size: number; edge: string | undefined }): string {
  let last = edge === undefined ? [] : [edge]
  for (let level = 0, to = fullTiles(size); ; level++, to = fullTiles(to)) {
    const from = to - (to % TILE)
    const entries: (string | null)[] = [...tileRoots(db, { logId, level, from, to }), ...last]
    if (from === 0) return rootOver(entries)
    last = entries.length === 0 ? [] : [rootOver(entries)]
  }
}
