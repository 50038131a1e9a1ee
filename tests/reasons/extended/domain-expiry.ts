import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { DAY_MS, NOW, pageOf } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { domainExpiry } from '#server/services/checks/extended/domain-expiry'
import type { DomainExpiryReason } from '#server/services/checks/extended/reasons/domain-expiry'
import { withNearMisses } from '../contract'

export const ZONE: Zone = { 'A data.iana.org': ['192.0.2.1'], 'A rdap.example': ['192.0.2.2'], 'A moved.example': ['192.0.2.3'] }
export const LIST = pageOf(200, JSON.stringify({ services: [[['org'], ['http://plain.example/', 'https://rdap.example/v1']]] }))
const domainIn = (days: number | null, ...status: string[]) =>
  pageOf(
    200,
    JSON.stringify({
      objectClassName: 'domain',
      status: ['active', ...status],
      events: [
        { eventAction: 'registration', eventDate: '2000-01-01T00:00:00Z' },
        ...(days === null ? [] : [{ eventAction: 'expiration', eventDate: new Date(NOW + days * DAY_MS).toISOString() }]),
      ],
    }),
  )
const faulty: HttpResult = { ok: false, fault: 'timeout', address: '192.0.2.2', latencyMs: 9 }
const URL_OF = 'https://rdap.example/v1/domain/example.org'
const answering = (result: HttpResult) => ({ [URL_OF]: result })

const CASES: [string, Record<string, HttpResult>, ExtendedStatus, string, string?][] = [
  ['a year to go', answering(domainIn(365)), 'pass', 'ok'],
  ['a subdomain goes by the name that is registered', answering(domainIn(365)), 'pass', 'ok', 'mail.sub.example.org'],
  ['31 days', answering(domainIn(31)), 'pass', 'ok'],
  ['29 days', answering(domainIn(29)), 'warn', 'expires-soon'],
  ['8 days', answering(domainIn(8)), 'warn', 'expires-soon'],
  ['6 days', answering(domainIn(6)), 'fail', 'expires-now'],
  ['yesterday', answering(domainIn(-1)), 'fail', 'expired'],
  ['held by the registrar', answering(domainIn(365, 'client hold')), 'fail', 'on-hold'],
  ['held by the registry', answering(domainIn(365, 'Server Hold')), 'fail', 'on-hold'],
  ['locked against transfer, as it should be', answering(domainIn(365, 'client transfer prohibited')), 'pass', 'ok'],
  ['in redemption', answering(domainIn(-40, 'redemption period')), 'fail', 'redemption'],
  ['about to be deleted', answering(domainIn(-70, 'redemption period', 'pending delete')), 'fail', 'pending-delete'],
  ['a registry that tells no date', answering(domainIn(null)), 'skipped', 'not-available'],
  ['a registry without a service', {}, 'skipped', 'not-available', 'example.test'],
  ['not known to the registry', answering(pageOf(404)), 'warn', 'not-found'],
  ['too many questions', answering(pageOf(429)), 'unknown', 'rate-limited'],
  ['a registry in trouble', answering(pageOf(503)), 'unknown', 'registry-unreachable'],
  ['a registry that is silent', answering(faulty), 'unknown', 'registry-unreachable'],
  ['a page that is no RDAP', answering(pageOf(200, '<html></html>')), 'unknown', 'registry-unreachable'],
  ['a list that cannot be had', { 'https://data.iana.org/rdap/dns.json': faulty }, 'unknown', 'registry-unreachable'],
  ['a list that is none', { 'https://data.iana.org/rdap/dns.json': pageOf(200, '[]') }, 'unknown', 'registry-unreachable'],
  [
    'a service that has moved',
    {
      [URL_OF]: pageOf(302, '', { headers: { location: 'https://moved.example/domain/example.org' } }),
      'https://moved.example/domain/example.org': domainIn(365),
    },
    'pass',
    'ok',
  ],
  [
    'a service that moved to plain HTTP',
    answering(pageOf(302, '', { headers: { location: 'http://moved.example/' } })),
    'unknown',
    'registry-unreachable',
  ],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<DomainExpiryReason, string> = {
  ok: '29 days',
  'not-available': 'not known to the registry',
  'expires-soon': '31 days',
  'expires-now': '8 days',
  expired: '6 days',
  'on-hold': 'locked against transfer, as it should be',
  redemption: 'about to be deleted',
  'pending-delete': 'in redemption',
  'not-found': 'a registry without a service',
  'rate-limited': 'a registry in trouble',
  'registry-unreachable': 'a service that has moved',
}

/** Every reason of `domain_expiry`. */
export const domainExpiryTable = withNearMisses(
  CASES.map(([it, pages, status, reason, domain = 'example.org']) => {
    const served: Record<string, HttpResult> = { 'https://data.iana.org/rdap/dns.json': LIST, ...pages }
    const http = { request: ({ url }: { url: URL }) => Promise.resolve(served[url.href] ?? pageOf(404)) }
    const target = extendedTargetOf({ domain })
    return { it, status, reason, target, verdict: () => verdictIn(domainExpiry, zoneWorld(ZONE, { http }), target) }
  }),
  NEAR,
)
