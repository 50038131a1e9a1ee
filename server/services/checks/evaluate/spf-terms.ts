/** One term of an SPF record as published; the syntax is not judged here. */
export interface SpfTerm {
  text: string
  qualifier: '+' | '-' | '~' | '?'
  /** Lower case. */
  name: string
  isModifier: boolean
  /** The domain-spec or address, as published; empty when there is none. */
  target: string
  /** The prefix lengths behind it; null when not given. */
  prefix4: number | null
  prefix6: number | null
}

const TERM = /^([+?~-]?)([a-z][\w.-]*)([:=](.*?))?(?:\/(\d+))?(?:\/\/(\d+))?$/i
const QUALIFIERS: Record<string, SpfTerm['qualifier']> = { '+': '+', '-': '-', '~': '~', '?': '?' }

/** RFC 7208 §4.5: the version alone, or followed by a space; anything else is no SPF record. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/** The terms behind the version, in their order (RFC 7208 §4.6.1); what cannot be read has an empty name. */
export function spfTerms(record: string): SpfTerm[] {
  return record.split(' ').filter(Boolean).slice(1).map(readTerm)
}

function readTerm(text: string): SpfTerm {
  const match = TERM.exec(text)
  const [, qualifier = '', name = '', argument = '', target = '', prefix4, prefix6] = match ?? []
  return {
    text,
    qualifier: QUALIFIERS[qualifier] ?? '+',
    name: name.toLowerCase(),
    isModifier: argument.startsWith('='),
    target,
    prefix4: prefix4 === undefined ? null : Number(prefix4),
    prefix6: prefix6 === undefined ? null : Number(prefix6),
  }
}

/** Terms that are looked at: up to `all`, and `redirect` when there is none (RFC 7208 §5.1, §6.1). */
export function reachableTerms(terms: readonly SpfTerm[]): SpfTerm[] {
  const all = terms.findIndex((term) => term.name === 'all')
  const directives = (all < 0 ? terms : terms.slice(0, all + 1)).filter((term) => !term.isModifier)
  const redirect = all < 0 ? terms.filter((term) => term.isModifier && term.name === 'redirect') : []
  return [...directives, ...redirect]
}

/** The terms that cost a DNS look-up (RFC 7208 §4.6.4), and the type that is asked for; null where it depends on the sender. */
export const COSTLY_TERMS: Readonly<Record<string, 'TXT' | 'A' | 'MX' | null>> = {
  include: 'TXT',
  redirect: 'TXT',
  a: 'A',
  exists: 'A',
  mx: 'MX',
  ptr: null,
}

/** Whether a term costs a DNS look-up. */
export function isCostly(term: SpfTerm): boolean {
  return Object.hasOwn(COSTLY_TERMS, term.name)
}
