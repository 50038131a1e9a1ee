import type { CheckStatus } from '#shared/schemas/checks'
import { DAY_MS } from './strip'

/** Seconds of one day (days since 1970, UTC). */
export interface DaySeconds {
  day: number
  seconds: number
}

/**
 * The time between two looks as whole seconds of each day that it touches. What lasts longer than `mostMs` was not watched to its end:
 * the rest counts for nothing.
 */
export function daySeconds(from: number, to: number, mostMs: number): DaySeconds[] {
  const end = Math.min(to, from + mostMs)
  const parts: DaySeconds[] = []
  for (let at = from; at < end;) {
    const day = Math.floor(at / DAY_MS)
    const until = Math.min(end, (day + 1) * DAY_MS)
    // By the clock's own seconds, so that a thousand short looks add up to the same as a long one.
    const seconds = Math.floor(until / 1000) - Math.floor(at / 1000)
    if (seconds > 0) parts.push({ day, seconds })
    at = until
  }
  return parts
}

/** The counter of a status; a check that passes or is skipped counts nothing. */
export const DAY_COUNTERS: Partial<Record<CheckStatus, 'warnSec' | 'failSec' | 'unknownSec'>> = {
  warn: 'warnSec',
  fail: 'failSec',
  unknown: 'unknownSec',
}
