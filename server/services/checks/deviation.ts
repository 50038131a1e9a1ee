import type { ExtendedStatus } from '#shared/schemas/extended'

/** What was accepted: a reason code, until a moment (ms). */
export interface Accepted {
  checkId: string
  code: string
  until: number
}

/** A verdict as it is stored, of the eight or of a check beyond, with what was known before it became unknown. */
export interface StandingVerdict {
  checkId: string
  status: ExtendedStatus
  reason: string
  lastKnownStatus: ExtendedStatus | null
  lastKnownReason: string | null
}

/** The verdict that is known: the present one, or the one before it became unknown; null when there is none. */
export function knownVerdict(verdict: StandingVerdict): { status: ExtendedStatus; reason: string } | null {
  const { status, reason, lastKnownStatus, lastKnownReason } = verdict
  if (status !== 'unknown') return { status, reason }
  return lastKnownStatus && lastKnownReason ? { status: lastKnownStatus, reason: lastKnownReason } : null
}

/**
 * Whether a deviation counts: its time is not over, and the check warns or fails for just the reason that was accepted. With another
 * reason the check counts again, at once.
 */
export function holds(accepted: Accepted | undefined, verdict: StandingVerdict, now: number): boolean {
  const known = knownVerdict(verdict)
  if (!accepted || !known || accepted.checkId !== verdict.checkId || now >= accepted.until) return false
  return (known.status === 'warn' || known.status === 'fail') && known.reason === accepted.code
}
