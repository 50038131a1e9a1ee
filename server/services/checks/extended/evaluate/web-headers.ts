import type { DnsAnswer } from '#server/platform/dns/types'
import type { HttpResult } from '#server/platform/http/types'
import { capText, connectionEvidence, evidenceOf } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { WebHeadersReason } from '../reasons/web-headers'
import { extendedJudge, type ExtendedJudge } from './judge'

export interface WebHeadersObservation {
  url: string
  a: DnsAnswer
  aaaa: DnsAnswer
  /** Null: the name has no address. */
  result: HttpResult | null
}

/** Half a year: a browser that comes back seldom is still protected. */
const MIN_MAX_AGE_SEC = 15_768_000

const JUDGED = ['strict-transport-security', 'x-content-type-options', 'content-security-policy', 'referrer-policy'] as const
type Headers = Record<(typeof JUDGED)[number], string | null>

/** RFC 6797 for HSTS; the other headers are told, not judged. Pure. */
export function evaluateWebHeaders(seen: WebHeadersObservation, _target: ExtendedTarget): ExtendedVerdict {
  const answers = [seen.a, seen.aaaa]
  const { url, result } = seen
  const page = result?.ok ? result : null
  const headers = headersOf(page?.headers ?? {})
  const found = { url, status: page?.status ?? null, headers }
  const connections = result ? [connectionEvidence(url, result)] : []
  const judge: ExtendedJudge<WebHeadersReason> = extendedJudge(evidenceOf(answers, connections, found))
  // Whether there is a page at all is for the webmail check to say.
  if (!result) return unknownByFault(judge, answers) ?? judge('unknown', 'no-page', { url, detail: 'the name has no address' })
  if (!page) return judge('unknown', 'no-page', { url, detail: result.ok ? '' : result.fault })
  if (page.status >= 400) return judge('unknown', 'no-page', { url, detail: `HTTP ${page.status}` })
  return judgeHeaders(headers, url, judge)
}

function judgeHeaders(headers: Headers, url: string, judge: ExtendedJudge<WebHeadersReason>): ExtendedVerdict {
  const maxAgeSec = maxAgeOf(headers['strict-transport-security'])
  if (maxAgeSec === null || maxAgeSec === 0) return judge('warn', 'no-hsts', { url })
  if (maxAgeSec < MIN_MAX_AGE_SEC) return judge('warn', 'short-hsts', { url, maxAgeSec, leastSec: MIN_MAX_AGE_SEC })
  const missing = missingOf(headers)
  return missing.length > 0 ? judge('info', 'missing-headers', { url, missing }) : judge('pass', 'ok', { url, maxAgeSec })
}

/** RFC 6797 §6.1.1; the first header counts (§8.1). Null when it says nothing that a browser would take. */
function maxAgeOf(header: string | null): number | null {
  const digits = /^[^,]*?(?:^|;)\s*max-age\s*=\s*"?(\d{1,15})"?\s*(?:;|,|$)/i.exec(header ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

function missingOf(headers: Headers): string[] {
  const missing: string[] = []
  if (headers['x-content-type-options']?.trim().toLowerCase() !== 'nosniff') missing.push('X-Content-Type-Options: nosniff')
  if (!headers['content-security-policy']) missing.push('Content-Security-Policy')
  if (!headers['referrer-policy']) missing.push('Referrer-Policy')
  return missing
}

function headersOf(all: Record<string, string>): Headers {
  const entries = JUDGED.map((name) => {
    const value = all[name]
    // A nonce differs at every look, and would pass for a change of the page.
    return [name, value === undefined ? null : capText(value.replace(/'nonce-[^']*'/g, "'nonce-…'"), 300)]
  })
  return Object.fromEntries(entries) as Headers
}
