import type { LookOutcome } from './look'
import { type Before, type Merged, mergeOutcome, type StoredCheck } from './merge'

/** What only the eight keep. */
interface OfTheEight {
  /** When the verdict that is known began, through any number of unknowns between. */
  knownSince: number | null
  /** When a verdict last stood only because a second look did not confirm the first. */
  retriedAt: number | null
}

/** The latest verdict of one of the eight as it is stored; times in ms. */
export type StoredLook = StoredCheck & OfTheEight
export type LookBefore = Before & OfTheEight

export interface MergedLook extends Merged {
  row: StoredLook
  /** What was stored before; undefined at the first look. */
  previous: LookBefore | undefined
  /** A second look did not confirm the first. */
  retried: boolean
}

/** As `mergeOutcome`, with what only the eight keep: since when their known verdict stands, and the last unconfirmed turn. */
export function mergeLook(previous: LookBefore | undefined, outcome: LookOutcome, at: number): MergedLook {
  const merged = mergeOutcome(previous, outcome, at)
  const { status } = outcome
  const retried = outcome.retried ?? false
  const isSame = status === 'unknown' || status === merged.knownBefore
  const knownSince = isSame ? knownSinceOf(previous) : at
  return {
    ...merged,
    row: { ...merged.row, knownSince, retriedAt: retried ? at : (previous?.retriedAt ?? null) },
    previous,
    retried,
  }
}

/** Rows of an older version have no `knownSince`: for a status that is known it is as old as the status at least. */
function knownSinceOf(previous: LookBefore | undefined): number | null {
  if (!previous) return null
  return previous.knownSince ?? (previous.status === 'unknown' ? previous.lastKnownAt : previous.since)
}
