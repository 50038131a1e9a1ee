/** What can be wrong with a log; each is named with the first index at which it shows. */
export type FaultKind = 'modified' | 'missing' | 'reordered' | 'forked'

export interface Fault {
  kind: FaultKind
  /** Null where it concerns no leaf: a row beside the log, a trigger. */
  index: number | null
  /** What differs, for people. Never a value. */
  what: string
}

/** Faults in the order in which they are found. */
export class Faults {
  readonly found: Fault[] = []

  add(kind: FaultKind, index: number | null, what: string): void {
    this.found.push({ kind, index, what })
  }
}
