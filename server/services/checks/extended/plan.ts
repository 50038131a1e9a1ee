import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import { nextSlot } from '../slot'
import { extendedCheck } from '.'

/** What was not known is looked at again sooner than once a day. */
const RETRY_SEC = 3_600

/** The longest that any extended check waits; what is planned further ahead was planned before a clock was set back. */
export const LONGEST_INTERVAL_MS = 24 * 3_600_000

/** What the plan needs to know of a stored verdict. */
export interface Planned {
  checkId: string
  status: ExtendedStatus
  nextDueAt: number
}

/** When a check is due again (ms): in the domain's own slot of its interval, so that checks of one interval fall together. */
export function nextLook(domainId: string, id: ExtendedId, status: ExtendedStatus, now: number): number {
  const { intervalSec } = extendedCheck(id)
  const sec = status === 'unknown' ? Math.min(intervalSec, RETRY_SEC) : intervalSec
  return nextSlot(domainId, now, sec * 1_000)
}

/** The checks to make now: those never made, those whose time has come, and those that a clock since set back has put out of reach. */
export function dueChecks(ids: readonly ExtendedId[], stored: readonly Planned[], now: number): ExtendedId[] {
  return ids.filter((id) => {
    const row = stored.find(({ checkId }) => checkId === id)
    return !row || row.nextDueAt <= now || row.nextDueAt > now + 2 * LONGEST_INTERVAL_MS
  })
}

/** When a domain is due again: with the first of its checks. */
export function nextDueOf(ids: readonly ExtendedId[], stored: readonly Planned[], now: number): number {
  const due = stored.filter(({ checkId }) => (ids as readonly string[]).includes(checkId)).map((row) => row.nextDueAt)
  return Math.min(now + LONGEST_INTERVAL_MS, ...due)
}
