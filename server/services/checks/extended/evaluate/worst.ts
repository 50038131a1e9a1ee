import type { ExtendedStatus } from '#shared/schemas/extended'
import type { ExtendedVerdict } from '../contract'

const ORDER: readonly ExtendedStatus[] = ['fail', 'unknown', 'warn', 'info']

/** The verdict that speaks for all parts: what is proven, then what is not known, then the lesser. Null when nothing is wrong. */
export function worstOf(verdicts: readonly ExtendedVerdict[]): ExtendedVerdict | null {
  for (const status of ORDER) {
    const found = verdicts.find((verdict) => verdict.status === status)
    if (found) return found
  }
  return null
}
