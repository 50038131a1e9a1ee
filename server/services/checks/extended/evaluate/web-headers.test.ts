import { describe, expect, it } from 'vitest'
import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { pageOf } from '../../../../../tests/helpers/check-facts'
import { verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { webHeadersReasons } from '../reasons/web-headers'
import { webHeaders } from '../web-headers'

const ZONE: Zone = { 'A mail.example.org': ['192.0.2.10'] }
const ALL = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'self'",
  'referrer-policy': 'same-origin',
}
const page = (headers: Record<string, string>) => pageOf(200, '', { headers })
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

describe('web_headers', () => {
  const look = (result: HttpResult, zone: Zone = {}) =>
    verdictIn(webHeaders, zoneWorld({ ...ZONE, ...zone }, { http: { request: () => Promise.resolve(result) } }))

  it.each(CASES)('%s', async (_, result, status, reason, zone) => {
    expect(await look(result, zone)).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(webHeadersReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('does not take a fresh nonce for a change', async () => {
    const csp = (nonce: string) => page({ ...ALL, 'content-security-policy': `script-src 'nonce-${nonce}'` })
    const [one, other] = [await look(csp('abc')), await look(csp('def'))]
    expect(one.evidence.found).toEqual(other.evidence.found)
  })
})
