import type { Reading } from './read-answer'
import type { DnsOutcome } from './types'

/** True for the outcomes that speak about the name; all others speak about the resolver or the path. */
export function isNegative(outcome: DnsOutcome): boolean {
  return outcome === 'nxdomain' || outcome === 'nodata'
}

/**
 * What two words on one question come to. Any answer wins; a negative verdict needs both; one negative word beside a fault proves
 * nothing, so the fault stands; of two faults the first is told.
 */
export function combine<Word extends Reading>(first: Word, second: Word): Word & { disagree: boolean } {
  const answer = [first, second].find((word) => word.outcome === 'answer')
  if (answer) {
    const other = answer === first ? second : first
    const disagree = isNegative(other.outcome)
    // While resolvers differ, keep the answer no longer than the one that says no would.
    return { ...answer, disagree, ttl: disagree ? Math.min(answer.ttl, other.ttl) : answer.ttl }
  }
  if (!isNegative(first.outcome)) return { ...first, disagree: false }
  if (!isNegative(second.outcome)) return { ...second, disagree: false }
  // NXDOMAIN says more than NODATA (nothing of any type, RFC 8020): what both confirm is that this type is not there.
  const weaker = first.outcome === 'nodata' ? first : second
  return { ...weaker, disagree: false, ttl: Math.min(first.ttl, second.ttl) }
}
