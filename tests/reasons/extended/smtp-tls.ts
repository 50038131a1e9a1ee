import type { MailLook } from '#server/platform/mail/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { certificateOf, DAY_MS, NOW, pageOf } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { mailLookOf, mailWorld } from '../../helpers/mail-facts'
import type { SmtpTlsReason } from '#server/services/checks/extended/reasons/smtp-tls'
import { smtpTls } from '#server/services/checks/extended/smtp-tls'
import { withNearMisses } from '../contract'

const [V4, V6] = ['192.0.2.25', '2001:db8::25']
const MX = 'mx1.example.net'
const ZONE: Zone = { 'MX example.org': [`10 ${MX}`], [`A ${MX}`]: [V4], [`AAAA ${MX}`]: [V6] }
const STS: Zone = { 'TXT _mta-sts.example.org': ['v=STSv1; id=1'], 'A mta-sts.example.org': ['192.0.2.80'] }
const peer = (changes: Parameters<typeof certificateOf>[0] = {}) => certificateOf({ names: [MX], ...changes })
export const showing = (changes: Parameters<typeof certificateOf>[0], protocol = 'TLSv1.3') =>
  mailLookOf({ tls: { protocol, peer: peer(changes) } })
const good = showing({})
const fault = (kind: MailLook['fault'], stage: MailLook['stage'] = 'connect') => {
  const nothing = { plain: null, startTls: null, tls: null, secured: null, greeting: null, name: null }
  return mailLookOf({ ...nothing, fault: kind, stage })
}
const clear = mailLookOf({ startTls: 'absent', plain: ['SIZE'], tls: null })
const untrusted = showing({ trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' })

interface Case {
  zone?: Zone
  /** At the IPv4 address; and at the IPv6 address where it differs. */
  v4?: MailLook
  v6?: MailLook
  mode?: 'enforce' | 'testing'
  receives?: boolean
}

const CASES: [string, Case, ExtendedStatus, string][] = [
  ['TLS 1.3 and a good certificate', {}, 'pass', 'ok'],
  ['TLS 1.2', { v4: showing({}, 'TLSv1.2') }, 'pass', 'ok'],
  ['TLS 1.1', { v4: showing({}, 'TLSv1.1') }, 'warn', 'outdated-tls'],
  ['no STARTTLS', { v4: clear }, 'warn', 'no-starttls'],
  ['no STARTTLS at the second address alone', { v6: clear }, 'warn', 'no-starttls'],
  ['STARTTLS refused', { v4: mailLookOf({ startTls: 'declined', reply: '454 no', tls: null }) }, 'warn', 'starttls-declined'],
  ['text in clear after STARTTLS', { v4: mailLookOf({ startTls: 'injected', tls: null }) }, 'fail', 'injected'],
  ['another name', { v4: showing({ names: ['other.example'], nameMatches: false }) }, 'warn', 'name-mismatch'],
  ['self-signed', { v4: untrusted }, 'warn', 'untrusted-certificate'],
  ['ended', { v4: showing({ notAfter: NOW - 1 }) }, 'warn', 'untrusted-certificate'],
  ['self-signed where TLSA stands', { v4: untrusted, zone: { [`TLSA _25._tcp.${MX}`]: ['3 1 1 ab'] } }, 'pass', 'ok'],
  ['near its end', { v4: showing({ notAfter: NOW + 2 * DAY_MS, notBefore: NOW - 88 * DAY_MS }) }, 'warn', 'near-expiry'],
  ['self-signed under an enforced policy', { v4: untrusted, mode: 'enforce' }, 'fail', 'breaks-policy'],
  ['no STARTTLS under an enforced policy', { v4: clear, mode: 'enforce' }, 'fail', 'breaks-policy'],
  [
    'TLSA is no excuse under an enforced policy',
    { v4: untrusted, mode: 'enforce', zone: { [`TLSA _25._tcp.${MX}`]: ['3 1 1 ab'] } },
    'fail',
    'breaks-policy',
  ],
  ['self-signed under a policy in testing', { v4: untrusted, mode: 'testing' }, 'warn', 'untrusted-certificate'],
  ['refused everywhere', { v4: fault('refused'), v6: fault('refused') }, 'fail', 'refused'],
  ['refused at one address', { v4: fault('refused') }, 'warn', 'address-refuses'],
  ['silence', { v4: fault('timeout'), v6: fault('timeout') }, 'unknown', 'no-answer'],
  ['silence under an enforced policy', { v4: fault('timeout'), mode: 'enforce' }, 'unknown', 'no-answer'],
  ['a reset in the handshake', { v4: fault('reset', 'handshake') }, 'unknown', 'no-answer'],
  ['an alert in the handshake', { v4: fault('tls-alert', 'handshake') }, 'fail', 'handshake-failed'],
  ['not SMTP', { v4: fault('protocol', 'greeting') }, 'fail', 'not-smtp'],
  ['an endless greeting', { v4: fault('flood', 'greeting') }, 'fail', 'not-smtp'],
  ['no wish to talk to us', { v4: { ...fault('declined', 'greeting'), reply: '554 go away' } }, 'unknown', 'declined'],
  ['an inner address', { v4: fault('blocked-address') }, 'unknown', 'inner-address'],
  ['no MX', { zone: { 'MX example.org': 'nodata' } }, 'info', 'info-no-mx'],
  ['null MX', { zone: { 'MX example.org': ['0 .'] } }, 'info', 'info-no-mx'],
  ['a domain that receives nothing', { receives: false, v4: clear }, 'pass', 'not-receiving-ok'],
  ['a resolver in trouble at the MX', { zone: { 'MX example.org': 'servfail' } }, 'unknown', 'dns-servfail'],
  ['a time-out at the host', { zone: { [`A ${MX}`]: 'timeout', [`AAAA ${MX}`]: 'nodata' } }, 'unknown', 'dns-timeout'],

  ['ten days before its end', { v4: showing({ notAfter: NOW + 10 * DAY_MS, notBefore: NOW - 80 * DAY_MS }) }, 'pass', 'ok'],
]

const targetIn = ({ receives = true }: Case) => extendedTargetOf({ receives })

function worldIn({ zone = {}, v4 = good, v6 = good, mode }: Case) {
  const mail = mailWorld(({ address }) => (address === V4 ? v4 : v6))
  const http = { request: () => Promise.resolve(pageOf(200, `version: STSv1\nmode: ${mode}\nmx: ${MX}\nmax_age: 604800\n`)) }
  return zoneWorld({ ...ZONE, ...(mode ? STS : {}), ...zone }, { mail, http })
}

/** For each reason the case that only just escapes it. */
const NEAR: Record<SmtpTlsReason, string> = {
  ok: 'TLS 1.1',
  'info-no-mx': 'a resolver in trouble at the MX',
  'not-receiving-ok': 'no STARTTLS',
  refused: 'refused at one address',
  'address-refuses': 'refused everywhere',
  'no-answer': 'refused everywhere',
  'inner-address': 'refused at one address',
  declined: 'not SMTP',
  'not-smtp': 'no wish to talk to us',
  'no-starttls': 'STARTTLS refused',
  'starttls-declined': 'no STARTTLS',
  injected: 'STARTTLS refused',
  'handshake-failed': 'a reset in the handshake',
  'outdated-tls': 'TLS 1.2',
  'name-mismatch': 'self-signed',
  'untrusted-certificate': 'self-signed where TLSA stands',
  'near-expiry': 'ten days before its end',
  'breaks-policy': 'self-signed under a policy in testing',
}

/** Every reason of `smtp_tls`. */
export const smtpTlsTable = withNearMisses(
  CASES.map(([it, given, status, reason]) => ({
    ...{ it, status, reason, target: targetIn(given) },
    verdict: () => verdictIn(smtpTls, worldIn(given), targetIn(given)),
  })),
  NEAR,
)
