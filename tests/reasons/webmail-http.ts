import type { DnsOutcome, ZoneLook } from '#server/platform/dns/types'
import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, pageOf, targetOf } from '../helpers/check-facts'
import type { WebmailHttpReason } from '#server/services/checks/reasons/webmail-http'
import { evaluateWebmailHttp, type FamilyLook, type WebmailHttpObservation } from '#server/services/checks/evaluate/webmail-http'
import { withNearMisses } from './contract'

const HOST = 'mail.example.org'
const [V4, V6] = ['192.0.2.10', '2001:db8::10']
const hsts = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
const login = pageOf(200, '<main id="our-login">', { headers: hsts })
const broken = (fault: ConnectionFault): HttpResult => ({ ok: false, fault, address: V4, latencyMs: 5 })
const plainTo = (location: string) => ({ url: `http://${HOST}/`, result: pageOf(301, '', { headers: { location } }) })

const look = (last: HttpResult = login, changes: Partial<FamilyLook> = {}): FamilyLook => ({
  ...{ family: 'IPv4', address: V4, plain: plainTo(`https://${HOST}/`), end: 'answered' },
  hops: [{ url: `https://${HOST}/`, result: last }],
  ...changes,
})
const six = (last?: HttpResult, changes: Partial<FamilyLook> = {}) => look(last, { family: 'IPv6', address: V6, ...changes })
const two = (last: HttpResult, changes: Partial<FamilyLook> = {}) => [look(last, changes), six(last, changes)]

interface Row {
  looks: FamilyLook[]
  a?: string[] | DnsOutcome
  aaaa?: string[] | DnsOutcome
  canaryOk?: boolean
  /** What the servers of the zone say, where they were asked. */
  zone?: ZoneLook['verdict']
}

const CASES: [string, Row, CheckStatus, string][] = [
  ['the login page over both families', { looks: two(login) }, 'pass', 'ok'],
  ['plain HTTP is closed', { looks: two(login, { plain: { url: `http://${HOST}/`, result: broken('refused') } }) }, 'pass', 'ok'],
  ['IPv6 is not reachable from here', { looks: [look(), six(broken('unreachable'))] }, 'pass', 'ok'],
  ['the AAAA could not be asked', { looks: [look()], aaaa: 'servfail' }, 'pass', 'ok'],
  ['exactly two seconds', { looks: two({ ...login, latencyMs: 2_000 }) }, 'pass', 'ok'],
  ['no such name', { looks: [], a: 'nxdomain', aaaa: 'nxdomain' }, 'fail', 'unresolved'],
  ['the name could not be asked', { looks: [], a: 'nodata', aaaa: 'timeout' }, 'unknown', 'dns-timeout'],
  ['a zone whose own servers fail', { looks: [], a: 'servfail', aaaa: 'servfail', zone: 'broken' }, 'fail', 'zone-broken'],
  ['a zone whose own servers are well', { looks: [], a: 'servfail', aaaa: 'servfail', zone: 'well' }, 'unknown', 'dns-servfail'],
  ['500', { looks: two(pageOf(500)) }, 'fail', 'http-error'],
  ['404 over IPv6 only', { looks: [look(), six(pageOf(404))] }, 'fail', 'http-error'],
  ['a parking page', { looks: two(pageOf(200, 'for sale')) }, 'fail', 'wrong-content'],
  ['the marker with another status', { looks: two(pageOf(203, 'our-login')) }, 'fail', 'wrong-content'],
  ['a circle', { looks: two(pageOf(302), { end: 'loop' }) }, 'fail', 'redirect-loop'],
  ['back to plain HTTP', { looks: two(pageOf(302), { end: 'to-http' }) }, 'fail', 'redirect-to-http'],
  ['on to nowhere', { looks: two(pageOf(302), { end: 'unresolved' }) }, 'fail', 'redirect-unresolved'],
  [
    'the login page of another host',
    { looks: two(login, { hops: [{ url: 'https://sso.example.net/', result: login }] }) },
    'warn',
    'redirect-leaves-host',
  ],
  ['a bad certificate', { looks: two(broken('tls-invalid')) }, 'fail', 'blocked-by:cert_le'],
  ['not TLS', { looks: two(broken('not-tls')) }, 'fail', 'blocked-by:cert_le'],
  ['a bad certificate over IPv6 only', { looks: [look(), six(broken('tls-invalid'))] }, 'fail', 'blocked-by:cert_le'],
  ['refused', { looks: two(broken('refused')) }, 'fail', 'refused'],
  ['silence, and the canary sings', { looks: two(broken('timeout')) }, 'fail', 'no-answer'],
  ['silence, and the canary is silent too', { looks: two(broken('timeout')), canaryOk: false }, 'unknown', 'monitor-fault'],
  ['an inner address', { looks: two(broken('blocked-address')) }, 'unknown', 'blocked-address'],
  ['more than two seconds', { looks: two({ ...login, latencyMs: 2_001 }) }, 'warn', 'slow'],
  ['no HSTS', { looks: two({ ...login, headers: {} }) }, 'warn', 'no-hsts'],
  ['HSTS switched off', { looks: two({ ...login, headers: { 'strict-transport-security': 'max-age=0' } }) }, 'warn', 'no-hsts'],
  [
    'the page over plain HTTP',
    { looks: two(login, { plain: { url: `http://${HOST}/`, result: pageOf(200) } }) },
    'warn',
    'no-https-redirect',
  ],
  [
    'plain HTTP leads to another host first',
    { looks: two(login, { plain: plainTo('https://example.org/') }) },
    'warn',
    'no-https-redirect',
  ],
  ['IPv6 refuses', { looks: [look(), six(broken('refused'))] }, 'warn', 'one-family'],
  ['there is no IPv4 address', { looks: [six()], a: 'nodata' }, 'warn', 'one-family'],

  [
    'the login page behind a redirect on the same host',
    { looks: two(login, { hops: [{ url: `https://${HOST}/login/`, result: login }] }) },
    'pass',
    'ok',
  ],
  ['HSTS of one second', { looks: two({ ...login, headers: { 'strict-transport-security': 'max-age=1' } }) }, 'pass', 'ok'],
]

const asked = (verdict: ZoneLook['verdict'] | undefined) =>
  verdict && { zone: { zone: 'example.org', replies: [], leftOut: 0, verdict } }

/** For each reason the case that only just escapes it. */
const NEAR: Record<WebmailHttpReason | 'monitor-fault' | 'blocked-address' | 'zone-broken', string> = {
  ok: 'there is no IPv4 address',
  unresolved: 'the name could not be asked',
  'http-error': 'a parking page',
  'wrong-content': 'the login page over both families',
  'redirect-loop': 'back to plain HTTP',
  'redirect-to-http': 'a circle',
  'redirect-unresolved': 'a circle',
  'redirect-leaves-host': 'the login page behind a redirect on the same host',
  'blocked-by:cert_le': 'refused',
  refused: 'IPv6 refuses',
  'no-answer': 'silence, and the canary is silent too',
  slow: 'exactly two seconds',
  'no-hsts': 'HSTS of one second',
  'no-https-redirect': 'plain HTTP is closed',
  'one-family': 'IPv6 is not reachable from here',
  'monitor-fault': 'silence, and the canary sings',
  'blocked-address': 'refused',
  'zone-broken': 'a zone whose own servers are well',
}

/** Every reason of `webmail_http`. */
export const webmailHttpTable = withNearMisses(
  CASES.map(([it, { looks, a = [V4], aaaa = [V6], canaryOk = true, zone }, status, reason]) => {
    const seen: WebmailHttpObservation = {
      ...{ host: HOST, marker: 'our-login', looks, canaryOk },
      a: answerOf(HOST, 'A', a, asked(zone)),
      aaaa: answerOf(HOST, 'AAAA', aaaa, asked(zone)),
    }
    return { it, status, reason, target: targetOf(), verdict: () => evaluateWebmailHttp(seen, targetOf()) }
  }),
  NEAR,
)
