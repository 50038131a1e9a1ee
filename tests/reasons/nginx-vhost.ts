import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { certificateOf, pageOf, targetOf } from '../helpers/check-facts'
import type { NginxVhostReason } from '#server/services/checks/reasons/nginx-vhost'
import { evaluateNginxVhost, type FrontendLook } from '#server/services/checks/evaluate/nginx-vhost'
import { withNearMisses } from './contract'

const HOST = 'mail.example.org'
const [V4, V4B, V6] = ['192.0.2.10', '192.0.2.11', '2001:db8::10']
const ours = certificateOf()
const fallback = certificateOf({ fingerprint256: 'FF', nameMatches: false })
const login = pageOf(200, '<main id="our-login">', { tls: ours })
const stranger = pageOf(400, 'Bad Request', { tls: fallback })
const redirect = (location: string) => pageOf(307, '', { tls: ours, headers: { location } })

export const look = (changes: Partial<FrontendLook> = {}): FrontendLook => ({
  ...{ address: V4, port: 443, root: redirect(`https://${HOST}/login/`), login, stranger },
  ...changes,
})
const dead = (fault: ConnectionFault, address = V4): FrontendLook => {
  const result: HttpResult = { ok: false, fault, address, latencyMs: 5 }
  return { address, port: 443, root: result, login: result, stranger: result }
}
export const answersAll = {
  root: pageOf(200, 'hello', { tls: fallback }),
  login: pageOf(404, '', { tls: fallback }),
  stranger: pageOf(200, 'hello', { tls: fallback }),
}

const CASES: [string, FrontendLook[], CheckStatus, string, boolean?][] = [
  ['a redirect to the login page', [look()], 'pass', 'ok'],
  ['a redirect by path alone', [look({ root: redirect('/login/') })], 'pass', 'ok'],
  [
    'a bad certificate of its own, which is cert_le’s to judge',
    [look({ root: { ...redirect('/login/'), tls: { ...fallback, fingerprint256: 'CC' } } })],
    'pass',
    'ok',
  ],
  [
    'one certificate for all names, with our page behind it',
    [look({ stranger: redirect('https://vigia-x.invalid/login/') })],
    'pass',
    'ok',
  ],
  ['no front ends', [], 'skipped', 'no-frontends'],
  ['the default server refuses', [look({ root: stranger, login: stranger })], 'fail', 'default-vhost'],
  ['the default server shows its page', [look(answersAll)], 'fail', 'default-vhost'],
  [
    'the login page of somebody else',
    [look({ root: { ...redirect('/login/'), tls: fallback }, login: { ...login, tls: fallback } })],
    'fail',
    'default-vhost',
  ],
  ['500 of our own server block', [look({ root: pageOf(500, '', { tls: ours }) })], 'fail', 'http-error'],
  ['404 at the login page', [look({ login: pageOf(404, '', { tls: ours }) })], 'fail', 'http-error'],
  ['another page', [look({ login: pageOf(200, 'hello', { tls: ours }) })], 'fail', 'no-login-page'],
  ['a redirect to another host', [look({ root: redirect('https://elsewhere.example/') })], 'warn', 'redirect-leaves-host'],
  [
    'a redirect to a host that only begins like ours',
    [look({ root: redirect(`https://${HOST}.elsewhere.example/`) })],
    'warn',
    'redirect-leaves-host',
  ],
  ['refused', [dead('refused')], 'fail', 'refused'],
  ['silence, and the canary sings', [dead('timeout')], 'fail', 'no-answer'],
  ['silence, and the canary is silent too', [dead('timeout')], 'unknown', 'monitor-fault', false],
  ['a broken connection', [dead('reset')], 'fail', 'no-answer', false],
  ['not TLS', [dead('not-tls')], 'fail', 'not-tls'],
  ['an alert', [dead('tls-alert')], 'fail', 'tls-alert'],
  ['a name that it does not know', [dead('unrecognized-name')], 'fail', 'unrecognized-name'],
  ['an inner address', [dead('blocked-address')], 'unknown', 'blocked-address'],
  ['IPv4 refuses, IPv6 answers', [dead('refused'), look({ address: V6 })], 'warn', 'one-family'],
  ['IPv6 is not reachable from here', [look(), dead('unreachable', V6)], 'pass', 'ok'],
  ['one of two over IPv4', [look(), dead('refused', V4B)], 'warn', 'some-frontends-down'],
  ['a good one and a wrong one', [look(), look({ address: V6, root: stranger, login: stranger })], 'fail', 'default-vhost'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<NginxVhostReason | 'monitor-fault' | 'blocked-address', string> = {
  ok: 'another page',
  'no-frontends': 'refused',
  'default-vhost': 'one certificate for all names, with our page behind it',
  'http-error': 'another page',
  'no-login-page': '404 at the login page',
  'redirect-leaves-host': 'a redirect by path alone',
  refused: 'IPv4 refuses, IPv6 answers',
  'no-answer': 'silence, and the canary is silent too',
  'not-tls': 'an alert',
  'tls-alert': 'a name that it does not know',
  'unrecognized-name': 'an alert',
  'one-family': 'IPv6 is not reachable from here',
  'some-frontends-down': 'IPv4 refuses, IPv6 answers',
  'monitor-fault': 'silence, and the canary sings',
  'blocked-address': 'refused',
}

/** Every reason of `nginx_vhost`. */
export const nginxVhostTable = withNearMisses(
  CASES.map(([it, frontends, status, reason, canaryOk = true]) => ({
    ...{ it, status, reason, target: targetOf() },
    verdict: () => evaluateNginxVhost({ host: HOST, marker: 'our-login', frontends, canaryOk }, targetOf()),
  })),
  NEAR,
)
