import type { BrokenLeaf } from './broken'
import { type Fault, Faults } from './faults'

/** A log as it was when the verification began. */
export interface SizedLog {
  id: number
  scope: string
  size: number
}

/** What a stretch tells of one log. */
export interface LogFindings {
  faults: Fault[]
  broken: BrokenLeaf[]
  /** Events whose personal data was erased, as an event `privacy.erased` says. */
  erased: number
  /** Subjects by the first leaf of which an event speaks of them. */
  subjects: Map<string, number>
}

/** Gathers what a stretch finds in one log. */
export class LogCheck {
  readonly faults = new Faults()
  readonly broken: BrokenLeaf[] = []
  erased = 0
  readonly subjects = new Map<string, number>()

  constructor(readonly log: SizedLog) {}

  findings(): LogFindings {
    return { faults: this.faults.found, broken: this.broken, erased: this.erased, subjects: this.subjects }
  }
}
