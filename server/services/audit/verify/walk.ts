import { contentHash } from '../canonical'
import { leafHash, NO_LEAF } from '../leaf'
import type { Faults } from './faults'
import type { LeafRow } from './read-leaves'

/** A leaf whose hash is not that of its event, its index and the leaf before it. */
interface Broken {
  index: number
  hash: Buffer
  content: Buffer
  prev: Buffer
}

/** An event's text as it is stored, and the hash of its bytes as it comes out now. */
export interface StoredEvent {
  content: string
  contentHash: Buffer
}

/** Broken leaves that are kept to tell what happened to the first of them. */
const KEPT = 5_000
/** Leaves that may have been taken out before the rest was moved up. */
const SHIFT = 1_000

/** Walks the leaves of a log in their order, and names where they stop being the log that was written. */
export class Walk {
  private readonly broken: Broken[] = []
  private brokenCount = 0
  /** Null after a gap: the next leaf cannot be held against what is gone. */
  private prev: Buffer | null
  /** The hashes seen, by index from the start of the walk. */
  readonly hashes: (Buffer | undefined)[] = []

  constructor(
    private readonly scope: string,
    private readonly from: number,
    before: Buffer | null,
    private readonly faults: Faults,
  ) {
    this.prev = from === 0 ? NO_LEAF : before
    this.next = from
  }
  private next: number

  /** @returns the event of the row and its hash when the leaf was made of it, so that it is worth looking at closely; else null */
  step(row: LeafRow): StoredEvent | null {
    if (row.leafIndex < this.next) {
      this.faults.add('forked', row.leafIndex, 'two leaves at one index')
      return null
    }
    this.skipTo(row.leafIndex)
    const event = row.content === null ? null : { content: row.content, contentHash: contentHash(row.content) }
    const sound = this.fits(row, event)
    this.hashes[row.leafIndex - this.from] = row.hash
    this.prev = row.hash
    this.next = row.leafIndex + 1
    return sound ? event : null
  }

  /** The walk is over: leaves up to `end` should have been there. */
  finish(end: number): void {
    this.skipTo(end)
    const [first] = this.broken
    if (first) this.classify(first)
  }

  private skipTo(index: number): void {
    if (index <= this.next) return
    this.faults.add('missing', this.next, index - this.next === 1 ? 'a leaf' : `${index - this.next} leaves`)
    ;[this.prev, this.next] = [null, index]
  }

  private fits(row: LeafRow, event: StoredEvent | null): boolean {
    if (event === null) {
      this.faults.add('missing', row.leafIndex, 'the event')
      return false
    }
    if (this.prev === null) return true
    const leaf = { index: row.leafIndex, hash: row.hash, content: event.contentHash, prev: this.prev }
    if (this.isLeaf(leaf)) return true
    this.brokenCount++
    if (this.broken.length < KEPT) this.broken.push(leaf)
    return false
  }

  private isLeaf({ index, hash, content, prev }: Broken): boolean {
    return leafHash({ content, index, prev, scope: this.scope }).equals(hash)
  }

  /** All before the first broken leaf is sound, so what belongs there can be told from what stands there. */
  private classify(first: Broken): void {
    const more = this.brokenCount > 1 ? ` (${this.brokenCount} leaves do not fit)` : ''
    const others = this.broken.slice(1)
    const belongs = ({ content, hash }: Broken) => this.isLeaf({ ...first, content }) || this.isLeaf({ ...first, content, hash })
    if (others.some(belongs)) return this.faults.add('reordered', first.index, `another event stands here${more}`)
    const [second] = others
    if (second?.index === first.index + 1)
      for (let shift = 1; shift <= SHIFT; shift++)
        if (this.isLeaf({ ...second, index: second.index + shift, prev: first.hash }))
          return this.faults.add('missing', first.index, `${shift} taken out, the rest moved up${more}`)
    this.faults.add('modified', first.index, `the event or its leaf${more}`)
  }
}
