import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, certificateOf, DAY_MS, NOW, pageOf, targetOf } from '../helpers/check-facts'
import type { CarbonioReason } from '#server/services/checks/reasons/carbonio'
import { evaluateCarbonio, type CarbonioObservation, type DomainLook } from '#server/services/checks/evaluate/carbonio'
import { withNearMisses } from './contract'

const URL_SHOWN = 'https://host.example.net/service/health'
const well = pageOf(200, '{"ready":true,"dependencies":[]}', { tls: certificateOf() })
export const active: DomainLook = { kind: 'found', status: 'active' }
export const broken = (fault: ConnectionFault): HttpResult => ({ ok: false, fault, address: '192.0.2.10', latencyMs: 5 })
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

  [
    'a certificate with ten days left of 90',
    seen(pageOf(200, '', { tls: certificateOf({ notBefore: NOW - 80 * DAY_MS, notAfter: NOW + 10 * DAY_MS }) })),
    'pass',
    'ok',
  ],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<CarbonioReason | 'monitor-fault' | 'blocked-address', string> = {
  ok: 'well, without credentials',
  'ok-health-only': 'well and active',
  'host-down': 'ready, with one optional part that is not',
  'host-unreachable': 'silence, and the canary is silent too',
  'host-unresolved': 'the name could not be asked',
  'certificate-invalid': 'a certificate near its end',
  'certificate-near-end': 'a certificate with ten days left of 90',
  slow: 'exactly two seconds, with no history',
  'unexpected-answer': '403',
  'rate-limited': '404',
  'credentials-refused': '429',
  'admin-unavailable': 'credentials refused',
  'domain-missing': 'the domain is closed',
  'domain-suspended': 'well and active',
  'monitor-fault': 'silence, and the canary sings',
  'blocked-address': 'refused',
}

/** Every reason of `carbonio`. */
export const carbonioTable = withNearMisses(
  CASES.map(([it, observation, status, reason]) => ({
    ...{ it, status, reason, target: targetOf() },
    verdict: () => evaluateCarbonio(observation, targetOf(), NOW),
  })),
  NEAR,
)
