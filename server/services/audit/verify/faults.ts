/** What can be wrong with a log; each is named with the first index at which it shows. */
export type FaultKind = 'modified' | 'missing' | 'reordered' | 'forked'

export interface Fault {
  kind: FaultKind
  /** Null where it concerns no leaf: a row beside the log, a trigger. */
  index: number | null
  /** What differs, for people. Never a value. */
  what: string
}

/** Faults of one log, worst place first, and how many there were beyond those kept. */
export class Faults {
  readonly kept: Fault[] = []
  count = 0

  add(kind: FaultKind, index: number | null, what: string): void {
    this.count++
    if (this.kept.length < KEPT) this.kept.push({ kind, index, what })
  }
}

const KEPT = 50
