import type { CheckStatus } from '#shared/schemas/checks'

/** Verdicts that rest on what was seen, best first. `skipped` rests on settings, `unknown` on nothing. */
const SEEN: readonly CheckStatus[] = ['pass', 'warn', 'fail']

/**
 * Whether a known verdict would become another one. Both ways need a second look: a failure, because one lost packet is none; and a
 * recovery, because one good server among bad ones would call off an alarm that has to go on.
 */
export function turns(known: CheckStatus | undefined, seen: CheckStatus): boolean {
  return known !== undefined && known !== seen && SEEN.includes(known) && SEEN.includes(seen)
}

/**
 * Which of two looks stands. The second, where it says what the first said, what was known, or `unknown` (a turn that could not be
 * confirmed is none); where both say something new, the one that is nearer to what was known: so much both have seen.
 */
export function nearerToKnown<T extends { status: CheckStatus }>(known: CheckStatus, first: T, second: T): T {
  if (!SEEN.includes(second.status)) return second
  const distance = ({ status }: T) => Math.abs(SEEN.indexOf(status) - SEEN.indexOf(known))
  return distance(first) < distance(second) ? first : second
}
