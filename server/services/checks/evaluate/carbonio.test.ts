import { describe, expect, it } from 'vitest'
import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, certificateOf, DAY_MS, NOW, pageOf, targetOf } from '../../../../tests/helpers/check-facts'
import { domainRequest, readDomain, readSession, soapUrl } from '../collectors/carbonio-admin'
import { carbonioReasons } from '../reasons/carbonio'
import { evaluateCarbonio, type CarbonioObservation, type DomainLook } from './carbonio'

const URL_SHOWN = 'https://host.example.net/service/health'
const well = pageOf(200, '{"ready":true,"dependencies":[]}', { tls: certificateOf() })
const active: DomainLook = { kind: 'found', status: 'active' }
const broken = (fault: ConnectionFault): HttpResult => ({ ok: false, fault, address: '192.0.2.10', latencyMs: 5 })
const seen = (result: HttpResult | null, domain: DomainLook | null = active, canaryOk = true): CarbonioObservation => ({
  health: { url: URL_SHOWN, answers: [answerOf('host.example.net', 'A', result ? ['192.0.2.10'] : 'nxdomain')], result },
  ...{ domain, canaryOk, admin: null, latencies: [] },
})
const unasked: CarbonioObservation = {
  ...seen(null),
  health: { url: URL_SHOWN, answers: [answerOf('host.example.net', 'A', 'servfail')], result: null },
}

const nearEnd = certificateOf({ notBefore: NOW - 85 * DAY_MS, notAfter: NOW + 5 * DAY_MS })
const usually = (latencyMs: number) => Array.from({ length: 20 }, () => latencyMs)

const CASES: [string, CarbonioObservation, CheckStatus, string][] = [
  ['well and active', seen(well), 'pass', 'ok'],
  ['a health address without TLS', seen(pageOf(200)), 'pass', 'ok'],
  ['well, without credentials', seen(well, null), 'pass', 'ok-health-only'],
  ['500', seen(pageOf(500, '{"ready":false}', { tls: certificateOf() })), 'fail', 'host-down'],
  ['200 that says not ready', seen(pageOf(200, '{"ready":false,"dependencies":[]}')), 'fail', 'host-down'],
  [
    'ready, with one optional part that is not',
    seen(pageOf(200, '{"ready":true,"dependencies":[{"ready":false}]}')),
    'pass',
    'ok',
  ],
  ['refused', seen(broken('refused')), 'fail', 'host-unreachable'],
  ['silence, and the canary sings', seen(broken('timeout')), 'fail', 'host-unreachable'],
  ['silence, and the canary is silent too', seen(broken('timeout'), active, false), 'unknown', 'monitor-fault'],
  ['an inner address', seen(broken('blocked-address')), 'unknown', 'blocked-address'],
  ['no address', seen(null), 'fail', 'host-unresolved'],
  ['the name could not be asked', unasked, 'unknown', 'dns-servfail'],
  ['a bad certificate', seen(pageOf(200, '', { tls: certificateOf({ nameMatches: false }) })), 'fail', 'certificate-invalid'],
  ['a certificate near its end', seen(pageOf(200, '', { tls: nearEnd })), 'warn', 'certificate-near-end'],
  ['slow, with no history', seen({ ...well, latencyMs: 2_001 }), 'warn', 'slow'],
  ['exactly two seconds, with no history', seen({ ...well, latencyMs: 2_000 }), 'pass', 'ok'],
  ['three times as slow as ever before', { ...seen({ ...well, latencyMs: 901 }), latencies: usually(300) }, 'warn', 'slow'],
  ['not quite three times as slow', { ...seen({ ...well, latencyMs: 900 }), latencies: usually(300) }, 'pass', 'ok'],
  ['always as slow as this', { ...seen({ ...well, latencyMs: 2_500 }), latencies: usually(2_400) }, 'pass', 'ok'],
  ['ten times as slow, but nobody feels it', { ...seen({ ...well, latencyMs: 100 }), latencies: usually(10) }, 'pass', 'ok'],
  [
    'one slow answer of old, which is no measure',
    { ...seen({ ...well, latencyMs: 901 }), latencies: [9_000, ...usually(300)] },
    'warn',
    'slow',
  ],
  [
    'a history too short to be a measure',
    { ...seen({ ...well, latencyMs: 901 }), latencies: usually(300).slice(1) },
    'pass',
    'ok',
  ],
  [
    'the certificate of the admin service near its end',
    { ...seen(well), admin: { url: 'https://host.example.net:6071', tls: nearEnd } },
    'warn',
    'certificate-near-end',
  ],
  [
    'slow, and the domain is suspended',
    seen({ ...well, latencyMs: 2_001 }, { kind: 'found', status: 'suspended' }),
    'fail',
    'domain-suspended',
  ],
  ['404', seen(pageOf(404)), 'unknown', 'unexpected-answer'],
  ['403', seen(pageOf(403)), 'unknown', 'credentials-refused'],
  ['429', seen(pageOf(429)), 'unknown', 'rate-limited'],
  ['credentials refused', seen(well, { kind: 'refused', code: 'account.AUTH_FAILED' }), 'unknown', 'credentials-refused'],
  ['the admin service asks us to slow down', seen(well, { kind: 'rate-limited' }), 'unknown', 'rate-limited'],
  ['the admin service is not there', seen(well, { kind: 'unavailable', code: 'refused' }), 'unknown', 'admin-unavailable'],
  ['the domain is unknown', seen(well, { kind: 'missing' }), 'fail', 'domain-missing'],
  ['the domain is closed', seen(well, { kind: 'found', status: 'closed' }), 'fail', 'domain-suspended'],
  ['the host is down, whatever its admin service says', seen(pageOf(502), { kind: 'missing' }), 'fail', 'host-down'],
]

describe('carbonio', () => {
  it.each(CASES)('%s', (_, observation, status, reason) => {
    expect(evaluateCarbonio(observation, targetOf(), NOW)).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(carbonioReasons).filter((reason) => !given.has(reason))).toEqual([])
  })
})

const fault = (code: string, status = 500) =>
  pageOf(
    status,
    `<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><Error><Code>${code}</Code></Error></soap:Fault>`,
  )

describe('the admin service', () => {
  it.each<[string, HttpResult, DomainLook]>([
    [
      'a status',
      pageOf(200, '<domain name="example.org" id="1"><a n="zimbraDomainStatus">locked</a></domain>'),
      { kind: 'found', status: 'locked' },
    ],
    ['no status, which means active', pageOf(200, '<domain name="example.org" id="1"></domain>'), active],
    ['no domain', pageOf(200, '<GetDomainResponse/>'), { kind: 'unavailable', code: 'no-domain' }],
    ['an unknown domain', fault('account.NO_SUCH_DOMAIN'), { kind: 'missing' }],
    ['a session that ended', fault('service.AUTH_EXPIRED'), { kind: 'refused', code: 'service.AUTH_EXPIRED' }],
    ['a right that is missing', fault('service.PERM_DENIED'), { kind: 'refused', code: 'service.PERM_DENIED' }],
    ['another fault', fault('service.FAILURE'), { kind: 'unavailable', code: 'service.FAILURE' }],
    ['403 of a proxy', pageOf(403), { kind: 'refused', code: 'HTTP 403' }],
    ['502 of a proxy', pageOf(502, 'Bad Gateway'), { kind: 'unavailable', code: 'HTTP 502' }],
    ['nothing', broken('timeout'), { kind: 'unavailable', code: 'timeout' }],
  ])('is read: %s', (_, result, look) => {
    expect(readDomain(result)).toEqual(look)
  })

  it('opens a session, or says why not', () => {
    expect(readSession(pageOf(200, '<AuthResponse><authToken>abc</authToken></AuthResponse>'))).toEqual({ token: 'abc' })
    expect(readSession(fault('account.AUTH_FAILED'))).toEqual({ kind: 'refused', code: 'account.AUTH_FAILED' })
    expect(readSession(pageOf(200, '<html>'))).toEqual({ kind: 'unavailable', code: 'no-token' })
  })

  it('is asked at its own path, and names cannot break out of the request', () => {
    expect(soapUrl('https://host.example.net:7071').href).toBe('https://host.example.net:7071/service/admin/soap')
    expect(soapUrl('https://host.example.net/x/soap').pathname).toBe('/x/soap')
    expect(domainRequest('t', 'a</domain><b>')).toContain('a&lt;/domain&gt;&lt;b&gt;')
  })
})
