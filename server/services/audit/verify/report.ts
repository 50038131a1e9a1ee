import type { Fault } from './faults'

export type Verdict = 'intact' | Fault['kind']

export interface LogReport {
  /** `platform`, a partner's id, after a restore with its generation: `p_3/2`. */
  log: string
  size: number
  /** Hex. */
  root: string
  verdict: Verdict
  /** Where the log stops being what was written; null when it is intact, or the fault concerns no leaf. */
  firstBadIndex: number | null
  faults: Fault[]
  /** Events whose personal data was erased, each as an event says. */
  erased: number
  /** Leaves that were there once, lost by a restore that the log itself declares. */
  lostByRestore: number
}

export interface Report {
  verdict: Verdict
  events: number
  /** Events that have no place yet: the tail. */
  unsequenced: number
  logs: LogReport[]
  /** What concerns no log by itself: tables, triggers, heads of logs that are gone. */
  faults: Fault[]
}

/** The first bad place counts; of several faults there the one that was told first. */
export function firstOf(faults: readonly Fault[]): Fault | undefined {
  return [...faults].sort(byIndex)[0]
}

/** In the order of the log; what concerns no leaf comes last. */
export const byIndex = (a: { index: number | null }, b: { index: number | null }) => (a.index ?? Infinity) - (b.index ?? Infinity)
