import type { CheckTarget } from '../collectors/contract'
import type { Reason } from './contract'
import { foundStrings, listed, publish } from './words'

/** A record that lets the mail host send and nobody else. */
function ownRecord(target: CheckTarget): string {
  if (!target.sends) return 'v=spf1 -all'
  const senders = (target.mailHost?.sendingAddresses ?? []).map(
    (address) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`,
  )
  return ['v=spf1', ...(senders.length > 0 ? senders : ['mx']), '-all'].join(' ')
}

const replaceRecord =
  (summary: string): NonNullable<Reason['fix']> =>
  (verdict, target) =>
    publish(summary, { name: target.domain, type: 'TXT', value: ownRecord(target), found: foundStrings(verdict, 'records') })

/** The published record with the missing addresses put before its last word. */
const addSenders: Reason['fix'] = (verdict, target) => {
  const found = foundStrings(verdict, 'records')
  const [published] = found
  const addresses = Array.isArray(verdict.params.addresses) ? verdict.params.addresses : []
  const terms = addresses.map((address) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`)
  // Behind the version, so that no earlier term can refuse them first.
  const value = published ? published.replace(/^v=spf1/i, ['v=spf1', ...terms].join(' ')) : ownRecord(target)
  return publish('Let the mail host send: add its addresses.', { name: target.domain, type: 'TXT', value, found })
}

/** How the verdicts of `dns_spf` are told. */
export const dnsSpfReasons = {
  ok: {
    message: (p) =>
      Array.isArray(p.senders) && p.senders.length > 0
        ? `The record lets ${listed(p.senders)} send and closes the rest.`
        : 'The record is sound.',
    rule: 'RFC 7208 §4',
  },
  'not-sending-ok': { message: () => 'The record says that this domain sends no mail, as declared.', rule: 'RFC 7208 §10.1.2' },
  missing: {
    message: (p) => `There is no SPF record at ${p.domain}.`,
    rule: 'RFC 7208 §4.5',
    fix: replaceRecord('Publish one SPF record.'),
  },
  multiple: {
    message: (p) => `There are ${p.count} SPF records; receivers treat that as an error.`,
    rule: 'RFC 7208 §4.5',
    fix: replaceRecord('Replace them all by one record.'),
  },
  syntax: {
    message: (p) => `The record cannot be read: ${p.text}.`,
    rule: 'RFC 7208 §4.6',
    fix: replaceRecord('Correct the record, or replace it.'),
  },
  'too-permissive': {
    message: (p) => `Everybody may send for this domain (${p.term}).`,
    rule: 'RFC 7208 §5.1',
    fix: replaceRecord('List only your own senders and end with -all.'),
  },
  'too-many-lookups': {
    message: (p) => `The record needs more than ${p.limit} DNS look-ups; receivers treat that as an error.`,
    rule: 'RFC 7208 §4.6.4',
    fix: replaceRecord('Name addresses instead of includes.'),
  },
  'too-many-mx': {
    message: (p) => `An mx term leads to more than ${p.limit} hosts; receivers treat that as an error.`,
    rule: 'RFC 7208 §4.6.4',
    fix: replaceRecord('Name the addresses instead of mx.'),
  },
  'void-lookups': {
    message: (p) => `More than ${p.limit} look-ups of the record find nothing: ${listed(p.names)}.`,
    rule: 'RFC 7208 §4.6.4',
    fix: replaceRecord('Remove the terms that lead nowhere.'),
  },
  'include-broken': {
    message: (p) => `The record refers to ${p.target}, which does not publish exactly one SPF record.`,
    rule: 'RFC 7208 §5.2',
    fix: replaceRecord('Remove or correct the include or redirect.'),
  },
  'does-not-authorise-us': {
    message: (p) => `None of our sending addresses may send for this domain: ${listed(p.addresses)}.`,
    rule: 'RFC 7208 §2.6.4',
    fix: addSenders,
  },
  'family-missing': {
    message: (p) => `Our ${p.family} addresses may not send: ${listed(p.addresses)}.`,
    rule: 'RFC 7208 §5.6',
    fix: addSenders,
  },
  'address-missing': {
    message: (p) => `Some of our addresses may not send: ${listed(p.addresses)}.`,
    rule: 'RFC 7208 §5.6',
    fix: addSenders,
  },
  'authorises-senders': {
    message: () => 'This domain is declared to send no mail, but its record allows senders.',
    rule: 'RFC 7208 §10.1.2',
    fix: replaceRecord('Publish that nobody sends for it.'),
  },
  'neutral-all': {
    message: () => 'The record says nothing about other senders (it ends in ?all or in nothing), so it protects nobody.',
    rule: 'RFC 7208 §2.6.2',
    fix: replaceRecord('End the record with -all.'),
  },
  'near-limit': {
    message: (p) => `The record needs ${p.lookups} of at most ${p.limit} DNS look-ups; one more include may break it.`,
    rule: 'RFC 7208 §4.6.4',
    fix: replaceRecord('Name addresses instead of includes.'),
  },
  'near-void-limit': {
    message: (p) => `Two look-ups of the record find nothing (${listed(p.names)}); a third breaks it.`,
    rule: 'RFC 7208 §4.6.4',
    fix: replaceRecord('Remove the terms that lead nowhere.'),
  },
  ptr: {
    message: () => 'The record uses ptr, which is slow, unreliable and should not be used.',
    rule: 'RFC 7208 §5.5',
    fix: replaceRecord('Name addresses instead of ptr.'),
  },
  'terms-after-all': {
    message: (p) => `Terms after all are never looked at: ${listed(p.terms)}.`,
    rule: 'RFC 7208 §5.1',
    fix: replaceRecord('Move all to the end.'),
  },
  'redirect-ignored': {
    message: () => 'The record has both all and redirect; the redirect is ignored.',
    rule: 'RFC 7208 §6.1',
    fix: replaceRecord('Remove one of the two.'),
  },
  large: {
    message: (p) =>
      `The TXT answer is large (record ${p.octets} octets, all ${p.setOctets}): it may need TCP and get lost on the way.`,
    rule: 'RFC 7208 §3.4',
    fix: replaceRecord('Shorten the record.'),
  },
} satisfies Record<string, Reason>

export type DnsSpfReason = keyof typeof dnsSpfReasons
