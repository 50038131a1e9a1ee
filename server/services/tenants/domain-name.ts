import { domainToASCII, domainToUnicode } from 'node:url'
import ipaddr from 'ipaddr.js'
import { getPublicSuffix } from 'tldts'

export type NormalisedDomain =
  | {
      ok: true
      /** A-labels, lower-case, no trailing dot: the form that is stored and asked for. */
      domain: string
      /** The name in its own script, for people. */
      unicode: string
    }
  | { ok: false; reason: string }

/** Octets of a name, without the trailing dot, and of a label (RFC 1035 §2.3.4). */
const NAME_MAX = 253
const LABEL_MAX = 63
/** Four octets of UTF-8 make an octet of A-label at most; anything longer need not be looked at. */
const INPUT_MAX = 4 * NAME_MAX

/** Tried in order on what was typed; the first that matches says what was probably meant. */
const NOT_A_NAME: [RegExp, string][] = [
  [/^$/, 'a domain is missing here'],
  [/:\/\//, 'a domain is wanted, not a URL: leave out the scheme and the path'],
  [/@/, 'a domain is wanted, not an e-mail address: give the part after the @'],
  [/\*/, 'a wildcard stands for many names: give one domain'],
  [/^\[.*\]$/, 'an IP address is not a domain'],
  [/[/\\?#]/, 'a domain is wanted, not a URL: leave out the path'],
  [/^[^:]+:\d+$/, 'a domain is wanted: leave out the port'],
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  [/[\s\u0000-\u001f\u007f]/, 'a space or control character stands inside the name'],
  [/_/, 'an underscore cannot stand in a mail domain'],
  // Percent above all: the URL parser behind domainToASCII would decode it.
  [/[\u0021-\u002c\u003a-\u0040\u005b-\u0060\u007b-\u007e]/, 'only letters, digits, hyphens and dots make a domain'],
]

/**
 * Brings a mail domain to the one form that is stored: trimmed, lower-case, A-labels (UTS 46, non-transitional), no trailing dot.
 * Refuses, with the reason in words, whatever cannot be a mail domain. What it gives is a fixed point: normalising it again
 * changes nothing.
 */
export function normaliseDomain(input: string): NormalisedDomain {
  const typed = input.trim()
  if (typed.length > INPUT_MAX) return refuse(`a domain has ${NAME_MAX} octets at most`)
  if (isIpAddress(typed)) return refuse('an IP address is not a domain')
  const wrong = NOT_A_NAME.find(([pattern]) => pattern.test(typed))
  if (wrong) return refuse(wrong[1])
  const domain = domainToASCII(typed.toLowerCase()).replace(/\.$/, '')
  const reason = faultOf(domain, typed)
  if (reason !== null) return refuse(reason)
  const unicode = domainToUnicode(domain)
  // A label that does not come back as it was is not the A-label of anything (RFC 5891 §4.2.1).
  if (domainToASCII(unicode) !== domain) return refuse('a label that begins with xn-- does not decode')
  return { ok: true, domain, unicode }
}

/** The name in its own script, for people. */
export function unicodeOf(domain: string): string {
  return domainToUnicode(domain)
}

function faultOf(domain: string, typed: string): string | null {
  if (domain === '') return emptyReason(typed)
  if (isIpAddress(domain)) return 'an IP address is not a domain'
  const labels = domain.split('.')
  if (labels.includes('')) return 'two dots in a row, or one at the beginning, leave a label empty'
  if (domain.length > NAME_MAX) return `a domain has ${NAME_MAX} octets at most, this one has ${domain.length}`
  const long = labels.find((label) => label.length > LABEL_MAX)
  if (long) return `a label has ${LABEL_MAX} octets at most, one here has ${long.length}`
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) return 'a label cannot begin or end with a hyphen'
  if (!labels.every((label) => /^[a-z0-9-]+$/.test(label))) return 'only letters, digits, hyphens and dots make a domain'
  if (labels.length === 1) return 'a single label is not a mail domain: give the whole name, such as example.org'
  if (getPublicSuffix(domain) === domain) return 'a public suffix belongs to a registry: give a name below it'
  return null
}

function emptyReason(typed: string): string {
  if (typed === '.') return 'a domain is missing here'
  if (/(^|\.)xn--/i.test(typed)) return 'a label that begins with xn-- does not decode'
  if (/\.\d+\.?$/.test(typed)) return 'the last label cannot be a number'
  return 'a character here cannot stand in a domain'
}

/** Also the short and hexadecimal spellings of IPv4 that a URL parser would take for an address. */
function isIpAddress(text: string): boolean {
  return ipaddr.isValid(text)
}

function refuse(reason: string): NormalisedDomain {
  return { ok: false, reason }
}
