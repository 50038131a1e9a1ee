import { reachableTerms, spfTerms, type SpfTerm } from './spf-terms'

/** What can be said of a published SPF record without asking further: it explains, mailauth judges. */
export interface SpfLint {
  /** A term that lets nearly everybody send; one after `all` lets nobody. */
  permissiveTerm: string | null
  usesPtr: boolean
  /** Terms after `all` are never reached (RFC 7208 §5.1). */
  termsAfterAll: string[]
  /** `redirect` beside `all` is ignored (RFC 7208 §6.1). */
  redirectIgnored: boolean
  octets: number
}

/** Networks with fewer prefix bits than this are no list of senders. */
const MIN_PREFIX = 8

/** Reads one SPF record; the syntax is not judged here. */
export function lintSpf(record: string): SpfLint {
  const terms = spfTerms(record)
  const all = terms.findIndex((term) => term.name === 'all')
  return {
    permissiveTerm: reachableTerms(terms).find(isPermissiveTerm)?.text ?? null,
    usesPtr: terms.some((term) => term.name === 'ptr'),
    termsAfterAll: all < 0 ? [] : terms.slice(all + 1).flatMap((term) => (term.isModifier ? [] : [term.text])),
    redirectIgnored: all >= 0 && terms.some((term) => term.isModifier && term.name === 'redirect'),
    octets: Buffer.byteLength(record),
  }
}

/** Whether a term lets nearly everybody send. For `ip6` the one prefix is that of IPv6; `a` and `mx` have one for each (RFC 7208 §5.3, §5.6). */
export function isPermissiveTerm({ qualifier, name, prefix4, prefix6 }: SpfTerm): boolean {
  if (qualifier !== '+') return false
  const isNetwork = ['ip4', 'ip6', 'a', 'mx'].includes(name)
  return name === 'all' || (isNetwork && [prefix4, prefix6].some((prefix) => prefix !== null && prefix < MIN_PREFIX))
}
