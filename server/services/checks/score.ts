import type { CheckStatus, DomainStatus } from '#shared/schemas/checks'
import { letterOf } from './cells'

/** The state of one check; null status: never looked at. */
export interface ScoredCheck {
  status: CheckStatus | null
  /** The last verdict that was not `unknown`. */
  lastKnown?: CheckStatus | null
  /** Somebody accepted the verdict that is known: it counts neither for nor against. */
  accepted?: boolean
}

export interface Score {
  /** X of X/8: checks that pass or warn; null when nothing counts. */
  score: number | null
  /** The denominator: without checks that are skipped, accepted or were never known; null when nothing counts. */
  max: number | null
  status: DomainStatus
  /** One letter for each check, in the order given; `.` was never looked at, a small one is accepted. */
  cells: string
}

/** Adds up the checks of one domain: `unknown` keeps the last known verdict for the score, but not for the status. */
export function scoreOf(checks: readonly ScoredCheck[]): Score {
  const counted = checks
    .filter(({ accepted }) => !accepted)
    .map(({ status, lastKnown }) => (status === 'unknown' ? (lastKnown ?? null) : status))
    .filter((status) => status === 'pass' || status === 'warn' || status === 'fail')
  const isKnown = counted.length > 0
  return {
    score: isKnown ? counted.filter((status) => status !== 'fail').length : null,
    max: isKnown ? counted.length : null,
    // What is accepted is known: a domain with nothing else is not one that waits for its first look.
    status: domainStatus(checks.map(({ status, accepted }) => (accepted && status !== 'unknown' ? 'skipped' : status))),
    cells: checks.map(({ status, accepted }) => (status ? letterOf(status, accepted) : '.')).join(''),
  }
}

/** failing > unknown > degraded > healthy; `pending` as long as nothing was looked at. */
export function domainStatus(statuses: readonly (CheckStatus | null)[]): DomainStatus {
  const seen = new Set(statuses.filter((status) => status !== null))
  if (seen.size === 0) return 'pending'
  if (seen.has('fail')) return 'failing'
  if (seen.has('unknown')) return 'unknown'
  return seen.has('warn') ? 'degraded' : 'healthy'
}
