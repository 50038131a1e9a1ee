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

/** RFC 7208 §4.5: the version alone, or followed by a space; anything else is no SPF record. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/** Reads one SPF record; the syntax is not judged here. */
export function lintSpf(record: string): SpfLint {
  const terms = record.split(' ').filter(Boolean).slice(1)
  const all = terms.findIndex((term) => /^[+?~-]?all$/i.test(term))
  const isRedirect = (term: string) => /^redirect=/i.test(term)
  return {
    permissiveTerm: (all < 0 ? terms : terms.slice(0, all + 1)).find(isPermissive) ?? null,
    usesPtr: terms.some((term) => /^[+?~-]?ptr(?::|$)/i.test(term)),
    termsAfterAll: all < 0 ? [] : terms.slice(all + 1).filter((term) => !/^[a-z][\w.-]*=/i.test(term)),
    redirectIgnored: all >= 0 && terms.some(isRedirect),
    octets: Buffer.byteLength(record),
  }
}

function isPermissive(term: string): boolean {
  if (/^\+?all$/i.test(term)) return true
  const network = /^\+?ip[46]:[^/]+\/(\d+)$/i.exec(term)
  return network !== null && Number(network[1]) < MIN_PREFIX
}
