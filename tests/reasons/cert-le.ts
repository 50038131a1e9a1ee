import type { DnsOutcome, ZoneLook } from '#server/platform/dns/types'
import type { PeerCertificateView } from '#server/platform/http/tls'
import type { ConnectionFault, TlsResult } from '#server/platform/http/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, certificateOf, DAY_MS, handshakeOf, NOW, targetOf } from '../helpers/check-facts'
import type { CertLeReason } from '#server/services/checks/reasons/cert-le'
import { evaluateCertLe, type CertLeObservation, type RevocationLook } from '#server/services/checks/evaluate/cert-le'
import { withNearMisses } from './contract'

const HOST = 'mail.example.org'
export const [V4, V6] = ['192.0.2.10', '2001:db8::10']
const seen = (
  handshakes: TlsResult[],
  a: string[] | DnsOutcome = [V4],
  aaaa: string[] | DnsOutcome = [V6],
): CertLeObservation => ({
  host: HOST,
  a: answerOf(HOST, 'A', a),
  aaaa: answerOf(HOST, 'AAAA', aaaa),
  handshakes,
  ...{ revocations: [], renewals: [] },
})
export const shown = (changes: Partial<PeerCertificateView>) => seen([handshakeOf(V4, certificateOf(changes))])
const fault = (kind: ConnectionFault, address = V4): TlsResult => ({ ok: false, address, port: 443, latencyMs: 5, fault: kind })
const good = handshakeOf(V4, certificateOf())

export const withList = (look: Pick<RevocationLook, 'outcome' | 'revokedAt'>): CertLeObservation => ({
  ...seen([good]),
  revocations: [{ url: 'http://crl.example.net/1.crl', ...look }],
})
const withWindow = (windowEnd: number): CertLeObservation => ({ ...seen([good]), renewals: [{ windowEnd, explanation: null }] })

/** Both resolvers say SERVFAIL, and the servers of the zone were asked. */
const broken = (verdict: ZoneLook['verdict']): CertLeObservation => {
  const zone: ZoneLook = { zone: 'example.org', replies: [], leftOut: 0, verdict }
  const failed = { ...seen([], 'servfail', 'servfail') }
  return { ...failed, a: { ...failed.a, zone }, aaaa: { ...failed.aaaa, zone } }
}

const CASES: [string, CertLeObservation, CheckStatus, string][] = [
  ['the same valid certificate at both addresses', seen([good, handshakeOf(V6, certificateOf())]), 'pass', 'ok'],
  ['a network that we have no way into', seen([good, fault('unreachable', V6)]), 'pass', 'ok'],
  ['an RSA key of 2048 bits', shown({ keyType: 'rsa', keyBits: 2048 }), 'pass', 'ok'],
  ['one that ended a second ago', shown({ notAfter: NOW - 1_000 }), 'fail', 'expired'],
  ['one whose root has expired', shown({ trustError: 'CERT_HAS_EXPIRED' }), 'fail', 'expired'],
  ['one that begins in a second', shown({ notBefore: NOW + 1_000 }), 'fail', 'not-yet-valid'],
  ['self-signed', shown({ trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'fail', 'self-signed'],
  ['another name', shown({ nameMatches: false, names: ['other.example.org'] }), 'fail', 'name-mismatch'],
  ['an unknown root', shown({ trustError: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'fail', 'untrusted-root'],
  ['an unknown issuer', shown({ trustError: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }), 'fail', 'untrusted-root'],
  [
    'a leaf without its intermediate',
    shown({ trustError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', chainLength: 1 }),
    'fail',
    'incomplete-chain',
  ],
  [
    'a leaf alone that does not say where its issuer is to be had',
    shown({ trustError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', chainLength: 1, namesIssuer: false }),
    'fail',
    'untrusted-root',
  ],
  [
    'a trial certificate of Let’s Encrypt',
    shown({ trustError: 'SELF_SIGNED_CERT_IN_CHAIN', issuer: "C=US, O=(STAGING) Let's Encrypt, CN=(STAGING) R10" }),
    'fail',
    'staging-root',
  ],
  ['a name that the server does not know', seen([fault('unrecognized-name')]), 'fail', 'unrecognized-name'],
  ['on the list of its authority', withList({ outcome: 'read', revokedAt: NOW - DAY_MS }), 'fail', 'revoked'],
  ['not on the list of its authority', withList({ outcome: 'read', revokedAt: null }), 'pass', 'ok'],
  ['a list that cannot be had', withList({ outcome: 'timeout', revokedAt: null }), 'pass', 'ok'],
  ['the authority wanted it renewed yesterday', withWindow(NOW - DAY_MS), 'warn', 'ari-overdue'],
  ['the authority wants it renewed by tomorrow', withWindow(NOW + DAY_MS), 'pass', 'ok'],
  ['an RSA key of 2047 bits', shown({ keyType: 'rsa', keyBits: 2_047 }), 'fail', 'weak-key'],
  ['a SHA-256 signature', shown({ signatureAlgorithm: 'RSA-SHA256' }), 'pass', 'ok'],
  ['revoked', shown({ trustError: 'CERT_REVOKED' }), 'fail', 'revoked'],
  ['an RSA key of 1024 bits', shown({ keyType: 'rsa', keyBits: 1024 }), 'fail', 'weak-key'],
  ['a SHA-1 signature', shown({ signatureAlgorithm: 'sha1WithRSAEncryption' }), 'fail', 'weak-signature'],
  ['eight days left of 90', shown({ notBefore: NOW - 82 * DAY_MS, notAfter: NOW + 8 * DAY_MS }), 'fail', 'near-expiry'],
  ['20 days left of 90', shown({ notBefore: NOW - 70 * DAY_MS, notAfter: NOW + 20 * DAY_MS }), 'warn', 'renewal-overdue'],
  ['28 days left of 90', shown({ notBefore: NOW - 62 * DAY_MS, notAfter: NOW + 28 * DAY_MS }), 'pass', 'ok'],
  [
    'two valid certificates',
    seen([good, handshakeOf(V6, certificateOf({ fingerprint256: 'BB' }))]),
    'warn',
    'addresses-disagree',
  ],
  [
    'a bad one at the second address only',
    seen([good, handshakeOf(V6, certificateOf({ nameMatches: false }))]),
    'fail',
    'name-mismatch',
  ],
  ['refused', seen([fault('refused')]), 'fail', 'refused'],
  ['not TLS', seen([fault('not-tls')]), 'fail', 'not-tls'],
  ['an alert', seen([fault('tls-alert')]), 'fail', 'tls-alert'],
  ['silence', seen([fault('timeout')]), 'unknown', 'timeout'],
  ['no way there at all', seen([fault('unreachable')]), 'unknown', 'timeout'],
  ['silence at the second address', seen([good, fault('timeout', V6)]), 'unknown', 'timeout'],
  ['a broken connection', seen([fault('reset')]), 'unknown', 'connection-lost'],
  ['an inner address', seen([fault('blocked-address')]), 'unknown', 'blocked-address'],
  ['no such name', seen([], 'nxdomain', 'nxdomain'), 'fail', 'unresolved'],
  ['a name without addresses', seen([], 'nodata', 'nodata'), 'fail', 'unresolved'],
  ['one family absent, the other not known', seen([], 'nodata', 'servfail'), 'unknown', 'dns-servfail'],
  ['a zone whose own servers fail', broken('broken'), 'fail', 'zone-broken'],
  ['a zone whose own servers are well', broken('well'), 'unknown', 'dns-servfail'],

  ['one that ends in a second', shown({ notAfter: NOW + 1_000 }), 'fail', 'near-expiry'],
  ['one that begins now', shown({ notBefore: NOW }), 'pass', 'ok'],
  ['our name among others', shown({ names: ['other.example.org', HOST] }), 'pass', 'ok'],
  ['ten days left of 90', shown({ notBefore: NOW - 80 * DAY_MS, notAfter: NOW + 10 * DAY_MS }), 'warn', 'renewal-overdue'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<CertLeReason | 'blocked-address' | 'zone-broken', string> = {
  ok: 'two valid certificates',
  expired: 'one that ends in a second',
  'not-yet-valid': 'one that begins now',
  'self-signed': 'an unknown root',
  'name-mismatch': 'our name among others',
  'untrusted-root': 'a leaf without its intermediate',
  'staging-root': 'an unknown root',
  'unrecognized-name': 'an alert',
  'ari-overdue': 'the authority wants it renewed by tomorrow',
  'incomplete-chain': 'a leaf alone that does not say where its issuer is to be had',
  revoked: 'not on the list of its authority',
  'weak-key': 'an RSA key of 2048 bits',
  'weak-signature': 'a SHA-256 signature',
  'near-expiry': 'ten days left of 90',
  'renewal-overdue': '28 days left of 90',
  'addresses-disagree': 'the same valid certificate at both addresses',
  refused: 'silence',
  'not-tls': 'an alert',
  'tls-alert': 'a name that the server does not know',
  timeout: 'a network that we have no way into',
  'connection-lost': 'silence',
  unresolved: 'one family absent, the other not known',
  'blocked-address': 'refused',
  'zone-broken': 'a zone whose own servers are well',
}

/** Every reason of `cert_le`. */
export const certLeTable = withNearMisses(
  CASES.map(([it, observation, status, reason]) => ({
    ...{ it, status, reason, target: targetOf() },
    verdict: () => evaluateCertLe(observation, targetOf(), NOW),
  })),
  NEAR,
)
