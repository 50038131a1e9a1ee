import canonicalize from 'canonicalize'
import type { CheckStatus } from '#shared/schemas/checks'
import type { CheckOutcome } from './engine'

/** The latest verdict of one check as it is stored; times in ms. */
export interface StoredCheck {
  checkId: string
  status: CheckStatus
  reason: string
  params: Record<string, unknown>
  evidence: Record<string, unknown>
  latencyMs: number
  checkedAt: number
  since: number
  lastKnownStatus: Exclude<CheckStatus, 'unknown'> | null
  lastKnownReason: string | null
  lastKnownAt: number | null
}

export interface Merged {
  row: StoredCheck
  /** The status that was stored before; null at the first look. */
  from: CheckStatus | null
  /** The last verdict that was known before, through any number of unknowns; null when none ever was. */
  knownBefore: StoredCheck['lastKnownStatus']
  /** Status, reason or the stable part of the evidence is another one: worth a line in the history. */
  transition: boolean
}

/** What is stored after a look: `since` stays while the status does, and `unknown` keeps what was known last. */
export function mergeOutcome(previous: StoredCheck | undefined, outcome: CheckOutcome, at: number): Merged {
  const { checkId, status, reason, params, evidence, latencyMs } = outcome
  const same = previous?.status === status
  const known = lastKnownOf(previous)
  const row: StoredCheck = {
    ...{ checkId, status, reason, params, evidence: { ...evidence }, latencyMs: Math.round(latencyMs), checkedAt: at },
    since: same ? previous.since : at,
    ...(status === 'unknown' ? known : NOTHING_KNOWN),
  }
  const transition = !same || previous.reason !== reason || !sameFound(previous.evidence.found, evidence.found)
  return { row, from: previous?.status ?? null, knownBefore: known.lastKnownStatus, transition }
}

type LastKnown = Pick<StoredCheck, 'lastKnownStatus' | 'lastKnownReason' | 'lastKnownAt'>
const NOTHING_KNOWN: LastKnown = { lastKnownStatus: null, lastKnownReason: null, lastKnownAt: null }

function lastKnownOf(previous: StoredCheck | undefined): LastKnown {
  if (!previous) return NOTHING_KNOWN
  if (previous.status !== 'unknown')
    return { lastKnownStatus: previous.status, lastKnownReason: previous.reason, lastKnownAt: previous.checkedAt }
  const { lastKnownStatus, lastKnownReason, lastKnownAt } = previous
  return { lastKnownStatus, lastKnownReason, lastKnownAt }
}

/** By content: what comes back from the database may order its keys otherwise, and drops what is undefined. */
const sameFound = (one: unknown, other: unknown) => canonicalize(one ?? {}) === canonicalize(other ?? {})
