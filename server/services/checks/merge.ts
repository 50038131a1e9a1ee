import canonicalize from 'canonicalize'
import type { CheckStatus } from '#shared/schemas/checks'
import type { CheckOutcome } from './engine'

/** The latest verdict of one check as it is stored; times in ms. */
export interface StoredCheck<Status extends string = CheckStatus> {
  checkId: string
  status: Status
  reason: string
  params: Record<string, unknown>
  evidence: Record<string, unknown>
  latencyMs: number
  checkedAt: number
  since: number
  lastKnownStatus: Exclude<Status, 'unknown'> | null
  lastKnownReason: string | null
  lastKnownAt: number | null
}

/** The verdict before, as a merge needs it; its evidence is the text that stands in the database. */
export type Before<Status extends string = CheckStatus> = Omit<StoredCheck<Status>, 'params' | 'evidence' | 'latencyMs'> & {
  evidenceText: string
}

export interface Merged<Status extends string = CheckStatus> {
  row: StoredCheck<Status>
  /** The status that was stored before; null at the first look. */
  from: Status | null
  /** The last verdict that was known before, through any number of unknowns; null when none ever was. */
  knownBefore: StoredCheck<Status>['lastKnownStatus']
  /** Status, reason or the stable part of the evidence is another one: worth a line in the history. */
  transition: boolean
}

/** What a merge needs of an outcome, of the eight or of the extended checks. */
interface Judged<Status> extends Pick<CheckOutcome, 'reason' | 'params' | 'evidence' | 'latencyMs'> {
  checkId: string
  status: Status
}

/** What is stored after a look: `since` stays while the status does, and `unknown` keeps what was known last. */
export function mergeOutcome<Status extends string = CheckStatus>(
  previous: Before<Status> | undefined,
  outcome: Judged<Status>,
  at: number,
): Merged<Status> {
  const { checkId, status, reason, params, evidence, latencyMs } = outcome
  const same = previous?.status === status
  const known = lastKnownOf(previous)
  const row: StoredCheck<Status> = {
    ...{ checkId, status, reason, params, evidence: { ...evidence }, latencyMs: Math.round(latencyMs), checkedAt: at },
    since: same ? previous.since : at,
    ...(status === 'unknown' ? known : NOTHING_KNOWN),
  }
  const transition = !same || previous.reason !== reason || !isFoundIn(previous.evidenceText, evidence.found)
  return { row, from: previous?.status ?? null, knownBefore: known.lastKnownStatus, transition }
}

type LastKnown<Status extends string> = Pick<StoredCheck<Status>, 'lastKnownStatus' | 'lastKnownReason' | 'lastKnownAt'>
const NOTHING_KNOWN: LastKnown<never> = { lastKnownStatus: null, lastKnownReason: null, lastKnownAt: null }

function lastKnownOf<Status extends string>(previous: Before<Status> | undefined): LastKnown<Status> {
  if (!previous) return NOTHING_KNOWN
  const { status, reason, checkedAt, lastKnownStatus, lastKnownReason, lastKnownAt } = previous
  if (isKnown(status)) return { lastKnownStatus: status, lastKnownReason: reason, lastKnownAt: checkedAt }
  return { lastKnownStatus, lastKnownReason, lastKnownAt }
}

function isKnown<Status extends string>(status: Status): status is Exclude<Status, 'unknown'> {
  return status !== 'unknown'
}

/** By content: an older version may have ordered its keys otherwise. */
function isFoundIn(evidenceText: string, found: Record<string, unknown>): boolean {
  // Mostly nothing has changed, not even the order: then the text ends with it, and need not be read.
  if (evidenceText.endsWith(`"found":${JSON.stringify(found)}}`)) return true
  const before = (JSON.parse(evidenceText) as { found?: unknown }).found
  return canonicalize(before ?? {}) === canonicalize(found)
}
