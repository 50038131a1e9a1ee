import type { DnsAnswer, DnsClient, DnsOutcome, DnsRecord } from '#server/platform/dns/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { DAY_MS, NOW } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, zoneWorld } from '../../helpers/extended'
import type { ExtendedWorld } from '#server/services/checks/extended/contract'
import { dnssec } from '#server/services/checks/extended/dnssec'
import type { DnssecReason } from '#server/services/checks/extended/reasons/dnssec'
import { withNearMisses } from '../contract'

const SOA = ['ns1.example.org hostmaster.example.org 1 2 3 4 5']
export const DS = ['12345 13 2 ab']
const stamp = (ms: number) => new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)
const signature = (startsAt: number, expiresAt: number): DnsRecord => ({
  ...{ name: 'example.org', type: 'RRSIG', ttl: 300, expiresAt },
  value: `SOA 13 2 300 ${stamp(expiresAt)} ${stamp(startsAt)} 12345 example.org c2ln`,
})
export const signed = (startsInDays: number, endsInDays: number) => ({
  values: SOA,
  ad: true,
  signatures: [signature(NOW + startsInDays * DAY_MS, NOW + endsInDays * DAY_MS)],
})
export const BOGUS = { values: 'servfail' as const, ede: [{ code: 6, text: '' }] }
const EXPIRED = { values: 'servfail' as const, ede: [{ code: 7, text: 'signature expired' }] }
export const UNSIGNED = { 'SOA example.org': SOA, 'DS example.org': 'nodata' as const }

type Entry = string[] | DnsOutcome | (Partial<DnsAnswer> & { values: string[] | DnsOutcome })
/** `SOA!` is the answer to who asks with checking disabled. The resolver validates unless the root says otherwise. */

const CASES: [string, Record<string, Entry>, ExtendedStatus, string][] = [
  [
    'signed and validated',
    { 'SOA example.org': signed(-10, 10), 'DS example.org': DS, 'DNSKEY example.org': ['257 3 13 a'] },
    'pass',
    'ok',
  ],
  [
    'a DS record without a key, whatever the resolver claims',
    { 'SOA example.org': { values: SOA, ad: true }, 'DS example.org': DS },
    'fail',
    'ds-without-key',
  ],
  [
    'a subdomain in a signed zone',
    { 'SOA example.org': { values: 'nodata', ad: true }, 'DS example.org': 'nodata' },
    'pass',
    'ok',
  ],
  ['signatures that last for three days and a bit', { ...UNSIGNED, 'SOA example.org': signed(-18, 3.1) }, 'pass', 'ok'],
  [
    'signatures that last for less than three days',
    { ...UNSIGNED, 'SOA example.org': signed(-18, 2.9) },
    'warn',
    'signatures-end',
  ],
  ['short signatures of a zone that signs as it answers', { ...UNSIGNED, 'SOA example.org': signed(-1, 1) }, 'pass', 'ok'],
  ['short signatures that were not renewed', { ...UNSIGNED, 'SOA example.org': signed(-1.6, 0.4) }, 'warn', 'signatures-end'],
  ['unsigned', UNSIGNED, 'info', 'unsigned'],
  ['keys without a DS record', { ...UNSIGNED, 'DNSKEY example.org': ['257 3 13 a'] }, 'info', 'not-anchored'],
  [
    'an algorithm that the resolver does not know',
    { 'SOA example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': ['257 3 99 a'] },
    'info',
    'info-insecure',
  ],
  [
    'a DS record without a key',
    { 'SOA example.org': BOGUS, 'SOA! example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': 'nodata' },
    'fail',
    'ds-without-key',
  ],
  [
    'a DS record, and keys that cannot be had',
    { 'SOA example.org': 'servfail', 'SOA! example.org': 'servfail', 'DS example.org': DS, 'DNSKEY example.org': 'servfail' },
    'unknown',
    'dns-servfail',
  ],
  [
    'bad signatures',
    { 'SOA example.org': BOGUS, 'SOA! example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': ['257 3 13 a'] },
    'fail',
    'bogus',
  ],
  [
    'expired signatures',
    { 'SOA example.org': EXPIRED, 'SOA! example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': ['257 3 13 a'] },
    'fail',
    'bogus',
  ],
  [
    'a SERVFAIL without a word why',
    { 'SOA example.org': 'servfail', 'SOA! example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': ['257 3 13 a'] },
    'unknown',
    'likely-bogus',
  ],
  [
    'a zone that is broken for everybody',
    { 'SOA example.org': BOGUS, 'SOA! example.org': 'servfail', 'DS example.org': DS, 'DNSKEY example.org': 'servfail' },
    'unknown',
    'dns-servfail',
  ],
  [
    'a resolver that does not validate',
    { 'SOA .': SOA, 'SOA example.org': SOA, 'DS example.org': DS, 'DNSKEY example.org': ['257 3 13 a'] },
    'unknown',
    'resolver-not-validating',
  ],
  ['a resolver that does not answer', { 'SOA example.org': 'timeout' }, 'unknown', 'dns-timeout'],
]

/** A world that answers otherwise to who asks with checking disabled. */
function signedWorld(zone: Record<string, Entry>): ExtendedWorld {
  const world = zoneWorld({ 'SOA .': { values: SOA, ad: true }, ...zone })
  const dns: DnsClient = {
    ...world.dns,
    fresh: () => dns,
    query: (name, type, options) => {
      const hidden = options?.checkingDisabled ? zone[`${type}! ${name}`] : undefined
      if (hidden === undefined) return world.dns.query(name, type, options)
      return zoneWorld({ [`${type} ${name}`]: hidden }).dns.query(name, type)
    },
  }
  return { ...world, dns }
}

/** For each reason the case that only just escapes it. */
const NEAR: Record<DnssecReason, string> = {
  ok: 'signatures that last for less than three days',
  unsigned: 'keys without a DS record',
  'not-anchored': 'unsigned',
  'info-insecure': 'a resolver that does not validate',
  'signatures-end': 'signatures that last for three days and a bit',
  'ds-without-key': 'a DS record, and keys that cannot be had',
  bogus: 'a SERVFAIL without a word why',
  'likely-bogus': 'bad signatures',
  'resolver-not-validating': 'an algorithm that the resolver does not know',
}

/** Every reason of `dnssec`. */
export const dnssecTable = withNearMisses(
  CASES.map(([it, zone, status, reason]) => ({
    ...{ it, status, reason, target: extendedTargetOf() },
    verdict: () => verdictIn(dnssec, signedWorld(zone)),
  })),
  NEAR,
)
