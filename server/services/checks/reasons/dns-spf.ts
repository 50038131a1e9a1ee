import { isCostly } from '../evaluate/spf-terms'
import { isPermissiveTerm } from '../evaluate/spf-lint'
import type { Reason } from './contract'
import { addSenders, costsOf, editRecord, mergeRecords, removeVoid, replaceRecord, untilAll } from './spf-mend'
import { listed } from './words'

/** How the verdicts of `dns_spf` are told. */
export const dnsSpfReasons = {
  ok: {
    message: (p) =>
      Array.isArray(p.senders) && p.senders.length > 0
        ? `The record lets ${listed(p.senders)} send and ${p.closes === 'softfail' ? 'marks the rest as suspicious (~all): an enforcing DMARC policy has to do the refusing' : 'closes the rest'}.`
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
    fix: mergeRecords('Replace them all by one record that holds the terms of each.'),
  },
  syntax: {
    message: (p) => `The record cannot be read: ${p.text}.`,
    rule: 'RFC 7208 §4.6',
    fix: replaceRecord('Correct the record, or replace it.'),
  },
  'unknown-mechanism': {
    message: (p) => `There is no mechanism "${p.mechanism}", so the whole record is void.`,
    rule: 'RFC 7208 §4.6.1',
    fix: editRecord('Correct the spelling of the term, or leave it out.', (terms, { params }) =>
      terms.filter((term) => term.name !== String(params.mechanism).toLowerCase()),
    ),
  },
  'duplicate-modifier': {
    message: (p) => `The record has ${p.modifier}= more than once, so the whole record is void.`,
    rule: 'RFC 7208 §6',
    fix: editRecord('Keep one of them.', (terms) =>
      terms.filter((term, at) => !term.isModifier || terms.findIndex((other) => other.name === term.name) === at),
    ),
  },
  'too-permissive': {
    message: (p) => `Everybody may send for this domain (${p.term}).`,
    rule: 'RFC 7208 §5.1',
    fix: editRecord('List only your own senders and end with -all.', (terms) =>
      terms.filter((term) => !isPermissiveTerm(term) && term.name !== 'all'),
    ),
  },
  'too-many-lookups': {
    message: (p) => `The record needs ${p.lookups} DNS look-ups and ${p.limit} are allowed; receivers treat that as an error.`,
    rule: 'RFC 7208 §4.6.4',
    fix: editRecord('Name addresses instead of includes.', (terms) => terms.filter((term) => !isCostly(term)), costsOf),
  },
  'include-loop': {
    message: (p) => `The record leads back to itself: ${p.term} comes round to ${p.target}.`,
    rule: 'RFC 7208 §4.6.4',
    fix: editRecord(
      'Take out the term that closes the circle.',
      (terms, { params }) => terms.filter((term) => term.target.toLowerCase() !== params.target),
      costsOf,
    ),
  },
  'too-many-mx': {
    message: (p) => `An mx term leads to more than ${p.limit} hosts; receivers treat that as an error.`,
    rule: 'RFC 7208 §4.6.4',
    fix: editRecord('Name the addresses instead of mx.', (terms) => terms.filter((term) => term.name !== 'mx')),
  },
  'void-lookups': {
    message: (p) => `More than ${p.limit} look-ups of the record find nothing: ${listed(p.names)}.`,
    rule: 'RFC 7208 §4.6.4',
    fix: removeVoid('Remove the terms that lead nowhere.'),
  },
  'include-broken': {
    message: (p) => `The record refers to ${p.target}, which does not publish exactly one SPF record.`,
    rule: 'RFC 7208 §5.2',
    fix: editRecord(
      'Remove or correct the include or redirect.',
      (terms, { params }) => terms.filter((term) => term.target.toLowerCase().replace(/\.$/, '') !== params.target),
      costsOf,
    ),
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
    fix: editRecord('End the record with -all.', (terms) => terms.filter((term) => term.name !== 'all')),
  },
  'near-limit': {
    message: (p) => `The record needs ${p.lookups} of at most ${p.limit} DNS look-ups; one more include may break it.`,
    rule: 'RFC 7208 §4.6.4',
    fix: editRecord('Name addresses instead of includes.', (terms) => terms.filter((term) => !isCostly(term)), costsOf),
  },
  'near-void-limit': {
    message: (p) => `Two look-ups of the record find nothing (${listed(p.names)}); a third breaks it.`,
    rule: 'RFC 7208 §4.6.4',
    fix: removeVoid('Remove the terms that lead nowhere.'),
  },
  'void-lookups-ipv6': {
    message: (p) =>
      `For senders with an IPv6 address more than ${p.limit} look-ups find nothing (${listed(p.names)} have no IPv6 address); strict receivers treat that as an error.`,
    rule: 'RFC 7208 §4.6.4',
    fix: removeVoid('Name the addresses of these hosts instead.'),
  },
  ptr: {
    message: () => 'The record uses ptr, which is slow, unreliable and should not be used.',
    rule: 'RFC 7208 §5.5',
    fix: editRecord('Name addresses instead of ptr.', (terms) => terms.filter((term) => term.name !== 'ptr')),
  },
  'terms-after-all': {
    message: (p) => `Terms after all are never looked at: ${listed(p.terms)}.`,
    rule: 'RFC 7208 §5.1',
    fix: editRecord('Drop the terms after all, or move them before it.', (terms) => untilAll(terms)),
  },
  'redirect-ignored': {
    message: () => 'The record has both all and redirect; the redirect is ignored.',
    rule: 'RFC 7208 §6.1',
    fix: editRecord('Remove the redirect, which nobody follows.', (terms) => terms.filter((term) => term.name !== 'redirect')),
  },
  large: {
    message: (p) =>
      `The TXT answer is large (record ${p.octets} octets, all ${p.setOctets}): it may need TCP and get lost on the way.`,
    rule: 'RFC 7208 §3.4',
    fix: editRecord('Shorten the record, and remove texts that nobody needs any more.', (terms) => terms, [
      'Publish one network instead of many addresses, and delete verification texts of services that are no longer used.',
    ]),
  },
} satisfies Record<string, Reason>

export type DnsSpfReason = keyof typeof dnsSpfReasons
