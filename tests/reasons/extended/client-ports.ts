import type { MailLook } from '#server/platform/mail/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { certificateOf, DAY_MS, NOW } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { mailLookOf, mailWorld } from '../../helpers/mail-facts'
import { clientPorts } from '#server/services/checks/extended/client-ports'
import type { ClientPortsReason } from '#server/services/checks/extended/reasons/client-ports'
import { withNearMisses } from '../contract'

const HOST = 'mail.example.org'
export const ZONE: Zone = { [`A ${HOST}`]: ['192.0.2.10'], [`AAAA ${HOST}`]: ['2001:db8::10'] }
export const implicit = mailLookOf({ plain: null, startTls: null })
const starttls = mailLookOf({ plain: ['STARTTLS', 'LOGINDISABLED'] })
const closed = mailLookOf({ stage: 'connect', fault: 'refused', tls: null, plain: null, startTls: null })
export const silent: MailLook = { ...closed, fault: 'timeout' }
const WELL: Record<number, MailLook> = { 993: implicit, 465: implicit, 143: starttls, 587: starttls }
const ALL_CLOSED = { 993: closed, 465: closed, 143: closed, 587: closed }
const showing = (changes: Parameters<typeof certificateOf>[0], protocol = 'TLSv1.3') => ({
  ...implicit,
  tls: { protocol, peer: certificateOf(changes) },
})
const published = (target = HOST, port = 993): Zone => ({ _imaps: [`0 1 ${port} ${target}`] })
export const srvOf = (zone: Zone): Zone =>
  Object.fromEntries(Object.entries(zone).map(([service, records]) => [`SRV ${service}._tcp.example.org`, records]))

const CASES: [string, Record<number, MailLook>, ExtendedStatus, string, Zone?][] = [
  ['all four', {}, 'pass', 'ok'],
  ['implicit TLS alone', { 143: closed, 587: closed }, 'pass', 'ok'],
  ['AUTH in clear, but of no password', { 587: { ...starttls, plain: ['STARTTLS', 'AUTH SCRAM-SHA-256'] } }, 'pass', 'ok'],
  ['a password in clear to SMTP', { 587: { ...starttls, plain: ['STARTTLS', 'AUTH PLAIN LOGIN'] } }, 'fail', 'login-in-clear'],
  ['a password in clear to IMAP', { 143: { ...starttls, plain: ['STARTTLS', 'AUTH=PLAIN'] } }, 'fail', 'login-in-clear'],
  ['IMAP without TLS at all', { 143: { ...starttls, plain: [], startTls: 'absent', tls: null } }, 'fail', 'login-in-clear'],
  [
    'no TLS and no login',
    { 143: { ...starttls, plain: ['LOGINDISABLED'], startTls: 'absent', tls: null } },
    'warn',
    'no-starttls',
  ],
  ['no 993', { 993: closed }, 'warn', 'no-implicit-tls'],
  ['a silent 465', { 465: silent }, 'warn', 'no-implicit-tls'],
  ['nothing open', ALL_CLOSED, 'info', 'none-open'],
  ['published and closed', { 993: closed }, 'fail', 'published-but-closed', srvOf(published())],
  ['published and silent', { 993: silent }, 'unknown', 'no-answer', srvOf(published())],
  ['published at another port', { 1993: implicit, 993: closed }, 'pass', 'ok', srvOf(published(HOST, 1993))],
  ['published as not offered', { 143: closed, 993: closed }, 'pass', 'ok', srvOf({ _imaps: ['0 0 0 .'], _imap: ['0 0 0 .'] })],
  ['injected', { 587: { ...starttls, startTls: 'injected', tls: null } }, 'fail', 'injected'],
  ['no TLS where it must be', { 993: { ...closed, stage: 'handshake', fault: 'not-tls' } }, 'fail', 'handshake-failed'],
  ['self-signed', { 465: showing({ trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) }, 'fail', 'invalid-certificate'],
  ['another name', { 465: showing({ names: ['other.example'], nameMatches: false }) }, 'warn', 'name-mismatch'],
  ['TLS 1.0', { 465: showing({}, 'TLSv1') }, 'warn', 'outdated-tls'],
  ['near its end', { 465: showing({ notAfter: NOW + 2 * DAY_MS, notBefore: NOW - 88 * DAY_MS }) }, 'warn', 'near-expiry'],
  ['an inner address', { 993: { ...closed, fault: 'blocked-address' } }, 'unknown', 'blocked-address'],
  ['a resolver in trouble', {}, 'unknown', 'dns-servfail', { [`A ${HOST}`]: 'servfail' }],
  ['a resolver in trouble at SRV', {}, 'unknown', 'dns-refused', srvOf({ _imaps: 'refused' })],
  [
    'a password in clear beside a resolver in trouble',
    { 587: { ...starttls, plain: ['AUTH LOGIN'] } },
    'fail',
    'login-in-clear',
    srvOf({ _imap: 'timeout' }),
  ],

  ['TLS 1.2', { 465: showing({}, 'TLSv1.2') }, 'pass', 'ok'],
  ['ten days before its end', { 465: showing({ notAfter: NOW + 10 * DAY_MS, notBefore: NOW - 80 * DAY_MS }) }, 'pass', 'ok'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<ClientPortsReason | 'blocked-address', string> = {
  ok: 'no 993',
  'none-open': 'implicit TLS alone',
  'login-in-clear': 'AUTH in clear, but of no password',
  'no-starttls': 'IMAP without TLS at all',
  'no-implicit-tls': 'implicit TLS alone',
  'published-but-closed': 'no 993',
  'no-answer': 'a silent 465',
  injected: 'all four',
  'handshake-failed': 'published and closed',
  'invalid-certificate': 'another name',
  'name-mismatch': 'self-signed',
  'outdated-tls': 'TLS 1.2',
  'near-expiry': 'ten days before its end',
  'blocked-address': 'no 993',
}

/** Every reason of `client_ports`. */
export const clientPortsTable = withNearMisses(
  CASES.map(([it, ports, status, reason, zone = {}]) => ({
    ...{ it, status, reason, target: extendedTargetOf() },
    verdict: () => {
      const mail = mailWorld(({ port }) => ({ ...WELL, ...ports })[port] ?? closed)
      return verdictIn(clientPorts, zoneWorld({ ...ZONE, ...zone }, { mail }))
    },
  })),
  NEAR,
)
