import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { pageOf } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import type { WebHeadersReason } from '#server/services/checks/extended/reasons/web-headers'
import { webHeaders } from '#server/services/checks/extended/web-headers'
import { withNearMisses } from '../contract'

const ZONE: Zone = { 'A mail.example.org': ['192.0.2.10'] }
export const ALL = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'self'",
  'referrer-policy': 'same-origin',
}
export const page = (headers: Record<string, string>) => pageOf(200, '', { headers })
const hsts = (value: string) => page({ ...ALL, 'strict-transport-security': value })
const fault = (kind: 'timeout' | 'tls-invalid'): HttpResult => ({ ok: false, fault: kind, address: '192.0.2.10', latencyMs: 1 })

const CASES: [string, HttpResult, ExtendedStatus, string, Zone?][] = [
  ['all of them', page(ALL), 'pass', 'ok'],
  ['exactly half a year', hsts('max-age=15768000'), 'pass', 'ok'],
  ['quoted, behind another directive', hsts('includeSubDomains; Max-Age="31536000"'), 'pass', 'ok'],
  ['a second less', hsts('max-age=15767999'), 'warn', 'short-hsts'],
  ['switched off', hsts('max-age=0'), 'warn', 'no-hsts'],
  ['no number', hsts('max-age=forever'), 'warn', 'no-hsts'],
  ['the first of two headers counts', hsts('max-age=60, max-age=31536000'), 'warn', 'short-hsts'],
  ['no HSTS', page({}), 'warn', 'no-hsts'],
  ['no CSP', page({ ...ALL, 'content-security-policy': '' }), 'info', 'missing-headers'],
  ['no nosniff', page({ ...ALL, 'x-content-type-options': 'sniff' }), 'info', 'missing-headers'],
  ['an error page', pageOf(503), 'unknown', 'no-page'],
  ['a bad certificate', fault('tls-invalid'), 'unknown', 'no-page'],
  ['silence', fault('timeout'), 'unknown', 'no-page'],
  ['no address', page(ALL), 'unknown', 'no-page', { 'A mail.example.org': 'nodata' }],
  ['a resolver in trouble', page(ALL), 'unknown', 'dns-servfail', { 'A mail.example.org': 'servfail' }],
]

/** What becomes of a page with these headers. */
export const headersLook = (result: HttpResult, zone: Zone = {}) =>
  verdictIn(webHeaders, zoneWorld({ ...ZONE, ...zone }, { http: { request: () => Promise.resolve(result) } }))

/** For each reason the case that only just escapes it. */
const NEAR: Record<WebHeadersReason, string> = {
  ok: 'no CSP',
  'no-hsts': 'the first of two headers counts',
  'short-hsts': 'exactly half a year',
  'missing-headers': 'all of them',
  'no-page': 'a resolver in trouble',
}

/** Every reason of `web_headers`. */
export const webHeadersTable = withNearMisses(
  CASES.map(([it, result, status, reason, zone]) => ({
    ...{ it, status, reason, target: extendedTargetOf() },
    verdict: () => headersLook(result, zone),
  })),
  NEAR,
)
