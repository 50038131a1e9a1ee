import type { Reader } from '#drizzle/reader'
import { contentHex } from '../canonical'
import { NO_LEAF } from '../leaf'
import { isLeaf } from './broken'
import type { LogCheck } from './log-check'
import type { LeafRow } from './read-leaves'
import { hashAt } from './read-tree'

const FIRST_PREV = NO_LEAF.toString('hex')

/** Holds leaves against their events and against the leaf before each in its log, in whatever order they come. */
export class Walk {
  /** The leaf of each log that was seen last: by the order of admission it is the one before the next. */
  private readonly last = new Map<number, LeafRow>()

  constructor(private readonly db: Reader) {}

  /** @returns the hash of the event as it comes out now when the leaf was made of it, so that it is worth looking at closely; else null */
  step(row: LeafRow, check: LogCheck): string | null {
    const prev = this.hashBefore(row)
    this.last.set(row.logId, row)
    if (row.content === null) {
      check.faults.add('missing', row.leafIndex, 'the event')
      return null
    }
    const content = contentHex(row.content)
    // After a gap there is nothing to hold the leaf against; the gap itself is found in the tree.
    if (prev === null) return content
    const leaf = { index: row.leafIndex, hash: row.hash, content, prev }
    if (isLeaf(leaf, check.log.scope)) return content
    check.broken.push(leaf)
    return null
  }

  private hashBefore({ logId, leafIndex }: LeafRow): string | null {
    if (leafIndex === 0) return FIRST_PREV
    const last = this.last.get(logId)
    return last?.leafIndex === leafIndex - 1 ? last.hash : hashAt(this.db, logId, leafIndex - 1)
  }
}
