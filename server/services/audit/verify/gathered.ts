import { type BrokenLeaf, causeOf } from './broken'
import type { Fault } from './faults'
import type { LogFindings, SizedLog } from './log-check'
import { byIndex } from './report'
import type { TreeFindings } from './tree'
import type { UpperFindings } from './upper-tree'

/** Of one log; what lies further back in it is not told. */
const [FAULTS, BROKEN] = [1_000, 5_000]

/** What all tasks together tell of one log, in whatever order they end. */
export class Gathered {
  private places: Fault[] = []
  private tiles: Fault[] = []
  private ofEvents: Fault[] = []
  private broken: BrokenLeaf[] = []
  private brokenCount = 0
  private readonly subjects = new Map<string, number>()
  private upper: UpperFindings = { tiles: [], roots: new Map() }
  erased = 0

  constructor(private readonly log: SizedLog) {}

  addStretch({ faults, broken, erased, subjects }: LogFindings): void {
    this.ofEvents = first(FAULTS, this.ofEvents, faults)
    this.broken = first(BROKEN, this.broken, broken)
    this.brokenCount += broken.length
    this.erased += erased
    for (const [id, index] of subjects) this.subjects.set(id, Math.min(index, this.subjects.get(id) ?? Infinity))
  }

  addTree({ places, tiles }: TreeFindings): void {
    this.places = first(FAULTS, this.places, places)
    this.tiles = first(FAULTS, this.tiles, tiles)
  }

  addUpperTree(found: UpperFindings): void {
    this.upper = found
  }

  /** The root that the log had at a size which was asked for, hex. */
  rootAt(size: number): string {
    return this.upper.roots.get(size)!
  }

  /** All of them, those first that say most of one place. `confirmed`: subjects whose row agrees with an event that speaks of them. */
  faults(confirmed: ReadonlySet<string>): Fault[] {
    const [broken, ...others] = this.broken
    const chain = broken ? [causeOf([broken, ...others], this.brokenCount, this.log.scope)] : []
    return [...this.places, ...this.ofEvents, ...chain, ...this.unconfirmed(confirmed), ...this.tiles, ...this.upper.tiles]
  }

  /** Subjects whose row agrees with none of the events that speak of them. */
  private unconfirmed(confirmed: ReadonlySet<string>): Fault[] {
    const bad = [...this.subjects].filter(([id]) => !confirmed.has(id))
    return bad.map(([, index]) => ({ kind: 'modified', index, what: "the tag or the date of a subject's row" }))
  }
}

/** Those of two lists that come first in the log. */
function first<T extends { index: number | null }>(limit: number, known: T[], more: T[]): T[] {
  return more.length === 0 ? known : [...known, ...more].sort(byIndex).slice(0, limit)
}
