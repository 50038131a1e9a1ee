import { createHash } from 'node:crypto'
import type { CertificateDigests } from '#server/platform/http/tls'
import type { MailLook } from '#server/platform/mail/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { certificateOf, DAY_MS, NOW } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { mailLookOf, mailWorld } from '../../helpers/mail-facts'
import type { ExtendedTarget } from '#server/services/checks/extended/contract'
import { dane } from '#server/services/checks/extended/dane'
import type { DaneReason } from '#server/services/checks/extended/reasons/dane'
import { withNearMisses } from '../contract'

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const digestsOf = (text: string) => ({ sha256: digest('sha256', text), sha512: digest('sha512', text) })
const certificate = (name: string): CertificateDigests => ({
  certificate: digestsOf(`certificate of ${name}`),
  publicKey: digestsOf(`key of ${name}`),
})
const hex = (text: string) => Buffer.from(text).toString('hex')
export const KEY = `3 1 1 ${digest('sha256', 'key of leaf')}`
export const NEXT = `3 1 1 ${digest('sha256', 'key of next')}`
const TRUST = `2 0 1 ${digest('sha256', 'certificate of issuer')}`

export const secure = (...values: string[]) => ({ values, ad: true })
export const zone = (tlsa: Zone[string], more: Zone = {}): Zone => ({
  'SOA .': secure('a b 1 2 3 4 5'),
  'MX example.org': secure('10 mx1.example.net'),
  'A mx1.example.net': secure('192.0.2.25'),
  'TLSA _25._tcp.mx1.example.net': tlsa,
  ...more,
})
const peer = (changes = {}) => certificateOf({ chain: [certificate('leaf'), certificate('issuer')], ...changes })
export const shown = (changes = {}): MailLook => mailLookOf({ tls: { protocol: 'TLSv1.3', peer: peer(changes) } })
const silent = extendedTargetOf({ receives: false })
const second = { 'MX example.org': secure('10 mx1.example.net', '20 mx2.example.net'), 'A mx2.example.net': secure('192.0.2.26') }

const CASES: [string, Zone, MailLook, ExtendedStatus, string, ExtendedTarget?][] = [
  ['the key of the server and the next one', zone(secure(KEY, NEXT)), shown(), 'pass', 'ok'],
  [
    'the key under a certificate that nobody trusts',
    zone(secure(KEY, NEXT)),
    shown({ trustError: 'CERT_HAS_EXPIRED', nameMatches: false }),
    'pass',
    'ok',
  ],
  ['the key as SHA-512', zone(secure(`3 1 2 ${digest('sha512', 'key of leaf')}`, NEXT)), shown(), 'pass', 'ok'],
  ['the certificate itself', zone(secure(`3 0 0 ${hex('certificate of leaf')}`, NEXT)), shown(), 'pass', 'ok'],
  ['the issuer', zone(secure(TRUST)), shown(), 'pass', 'ok'],
  ['the issuer, under another name', zone(secure(TRUST)), shown({ nameMatches: false }), 'fail', 'mismatch'],
  ['the issuer, after the end', zone(secure(TRUST)), shown({ notAfter: NOW - DAY_MS }), 'fail', 'mismatch'],
  ['no promise', zone('nodata'), shown(), 'info', 'absent'],
  ['a domain that receives nothing', zone('nodata'), shown(), 'pass', 'not-receiving-ok', silent],
  ['one key alone', zone(secure(KEY)), shown(), 'info', 'single-key'],
  ['another key', zone(secure(NEXT)), shown(), 'fail', 'mismatch'],
  ['the key as if it were the issuer', zone(secure(`2 1 1 ${digest('sha256', 'key of leaf')}`)), shown(), 'fail', 'mismatch'],
  ['no STARTTLS', zone(secure(KEY)), mailLookOf({ startTls: 'absent', tls: null }), 'fail', 'no-tls'],
  [
    'a server that is silent',
    zone(secure(KEY)),
    mailLookOf({ startTls: null, tls: null, fault: 'timeout' }),
    'unknown',
    'not-reached',
  ],
  ['usages that are not for mail', zone(secure(`1 1 1 ${digest('sha256', 'key of leaf')}`)), shown(), 'warn', 'unusable'],
  ['a promise that is not signed', zone([KEY, NEXT]), shown(), 'warn', 'not-signed'],
  [
    'an MX that is not signed',
    zone(secure(KEY, NEXT), { 'MX example.org': ['10 mx1.example.net'] }),
    shown(),
    'warn',
    'not-signed',
  ],
  [
    'an address that is not signed',
    zone(secure(KEY, NEXT), { 'A mx1.example.net': ['192.0.2.25'] }),
    shown(),
    'warn',
    'not-signed',
  ],
  [
    'a resolver that does not validate',
    zone([KEY, NEXT], { 'SOA .': ['a b 1 2 3 4 5'] }),
    shown(),
    'unknown',
    'resolver-not-validating',
  ],
  ['one of two hosts', zone(secure(KEY, NEXT), second), shown(), 'warn', 'some-hosts'],
  [
    'two of two hosts',
    zone(secure(KEY, NEXT), { ...second, 'TLSA _25._tcp.mx2.example.net': secure(KEY, NEXT) }),
    shown(),
    'pass',
    'ok',
  ],
  ['a promise that cannot be looked up', zone('servfail'), shown(), 'unknown', 'dns-servfail'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<DaneReason, string> = {
  ok: 'one key alone',
  absent: 'a promise that cannot be looked up',
  'not-receiving-ok': 'no promise',
  'not-signed': 'the key of the server and the next one',
  unusable: 'the issuer',
  mismatch: 'the key of the server and the next one',
  'no-tls': 'a server that is silent',
  'not-reached': 'no STARTTLS',
  'some-hosts': 'two of two hosts',
  'single-key': 'the key of the server and the next one',
  'resolver-not-validating': 'a promise that is not signed',
}

/** Every reason of `dane`. */
export const daneTable = withNearMisses(
  CASES.map(([it, records, look, status, reason, target = extendedTargetOf()]) => ({
    ...{ it, status, reason, target },
    verdict: () => verdictIn(dane, zoneWorld(records, { mail: mailWorld(() => look) }), target),
  })),
  NEAR,
)
