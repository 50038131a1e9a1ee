import { CELL_LETTERS, type CheckStatus, type DomainStatus } from '#shared/schemas/checks'

/** The state of one check; null status: never looked at. */
export interface ScoredCheck {
  status: CheckStatus | null
  /** The last verdict that was not `unknown`. */
  lastKnown?: CheckStatus | null
}

export interface Score {
  /** X of X/8: checks that pass or warn; null when nothing counts. */
  score: number | null
  /** The denominator: without skipped checks and those that were never known; null when nothing counts. */
  max: number | null
  status: DomainStatus
  /** One letter for each check, in the order given; `.` was never looked at. */
  cells: string
}

/** Adds up the checks of one domain: `unknown` keeps the last known verdict for the score, but not for the status. */
export function scoreOf(checks: readonly ScoredCheck[]): Score {
  const counted = checks
    .map(({ status, lastKnown }) => (status === 'unknown' ? (lastKnown ?? null) : status))
    .filter((status) => status === 'pass' || status === 'warn' || status === 'fail')
  const isKnown = counted.length > 0
  return {
    score: isKnown ? counted.filter((status) => status !== 'fail').length : null,
    max: isKnown ? counted.length : null,
    status: domainStatus(checks.map((check) => check.status)),
    cells: checks.map(({ status }) => (status ? CELL_LETTERS[status] : '.')).join(''),
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
