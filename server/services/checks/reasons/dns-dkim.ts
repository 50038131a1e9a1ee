import type { CheckTarget, Verdict } from '../collectors/contract'
import { publishedForm } from '../evaluate/dkim-key'
import { parseTagList } from '../evaluate/tag-list'
import type { Reason } from './contract'
import { listed, publish, step } from './words'

/** The selector that the verdict is about; the first bad one when it is about several. */
function selectorOf(verdict: Verdict, target: CheckTarget): string {
  const { selector, selectors } = verdict.params
  if (typeof selector === 'string') return selector
  return (Array.isArray(selectors) ? selectors[0] : undefined) ?? target.dkim[0]?.selector ?? 'selector'
}

/** What is published at a selector, as the evidence has it. */
export function foundAtSelector(verdict: Verdict, selector: string): string[] {
  const keys = verdict.evidence.found.keys
  const values: unknown = keys && typeof keys === 'object' ? (keys as Record<string, unknown>)[selector] : undefined
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

/** Publish the declared key; without one the published record less these tags; else where to find the key. */
const publishKey =
  (summary: string, ...drop: string[]): NonNullable<Reason['fix']> =>
  (verdict, target) => {
    const selector = selectorOf(verdict, target)
    const found = foundAtSelector(verdict, selector)
    const name = `${selector}._domainkey.${target.domain}`
    const declared = target.dkim.find((one) => one.selector === selector)?.publicKey
    const key = declared ? publishedForm(declared) : null
    const value = key ? `v=DKIM1; k=${key.type}; p=${key.p}` : mended(found, drop)
    return value ? publish(summary, { name, type: 'TXT', value, found }) : { summary, record: null, steps: readKey(name) }
  }

/** The one record that is there, its version first and without these tags; null when that leaves no key. */
function mended(found: readonly string[], drop: readonly string[]): string | null {
  if (found.length !== 1 || drop.length === 0) return null
  const { tags, duplicate, broken } = parseTagList((found[0] ?? '').replace(/["\\]/g, ''))
  if (duplicate || broken || !tags.get('p')) return null
  const kept = [...tags].filter(([tag]) => tag !== 'v' && !drop.includes(tag)).map(([tag, value]) => `${tag}=${value}`)
  return ['v=DKIM1', ...kept].join('; ')
}

const readKey = (name: string) => [
  'Read the public key off the mail host that signs.',
  `Publish it as TXT at ${name}: v=DKIM1; k=rsa; p= and the key in base64.`,
  'Enter the key in the domain here: Vigia then compares it and says exactly what to publish.',
]

const longerKey = step(
  'Sign with a new RSA key of 2048 bits under a new selector.',
  'Make a new key of 2048 bits on the mail host, with a new selector.',
  'Publish its record, then let the mail host sign with it.',
  'Enter the new selector here; revoke the old one after a week.',
)

/** How the verdicts of `dns_dkim` are told. */
export const dnsDkimReasons = {
  ok: { message: (p) => `The key at ${listed(p.selectors)} is good.`, rule: 'RFC 6376 §3.6' },
  'no-selector': {
    message: () => 'No DKIM selector is known for this domain, and selectors cannot be looked up.',
    rule: 'RFC 6376 §3.1',
    fix: step(
      'Enter the selector that the mail host signs with.',
      'Read the selector off the s= tag of a DKIM-Signature header.',
      'Enter it in the domain.',
    ),
  },
  missing: { message: (p) => `There is no key at ${p.name}.`, rule: 'RFC 6376 §3.6.2', fix: publishKey('Publish the key.') },
  'dangling-cname': {
    message: (p) => `The selector is an alias of ${p.target}, where there is no key.`,
    rule: 'RFC 6376 §3.6.2',
    fix: publishKey('Correct the target of the CNAME, or publish the key in its place.'),
  },
  revoked: {
    message: (p) => `The key at ${p.selector} has been revoked: its p= is empty.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the key that the mail host signs with.'),
  },
  'key-differs': {
    message: (p) => `The key at ${p.selector} is not the one that the mail host signs with.`,
    rule: 'RFC 6376 §6.1.2',
    fix: publishKey('Publish the key that the mail host signs with.'),
  },
  'weak-key': {
    message: (p) => `The RSA key has ${p.bits} bits; verifiers must not accept less than 1024.`,
    rule: 'RFC 8301 §3.2',
    fix: longerKey,
  },
  'short-key': { message: (p) => `The RSA key has ${p.bits} bits; 2048 are advised.`, rule: 'RFC 8301 §3.2', fix: longerKey },
  multiple: {
    message: (p) => `There are ${p.count} keys at ${p.selector}; the standard leaves open which one is used.`,
    rule: 'RFC 6376 §3.6.2.2',
    fix: publishKey('Keep only the key that the mail host signs with.'),
  },
  testing: {
    message: (p) => `The key at ${p.selector} is marked as a test (t=y): receivers treat the mail as unsigned.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the key without t=y.', 't'),
  },
  'strict-subdomains': {
    message: (p) => `The key is not for subdomains (t=s), but the mail of ${listed(p.subdomains)} is signed with it.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the key without t=s, or give each subdomain a selector of its own.', 't'),
  },
  'wrong-version': {
    message: (p) => `The record has v=${p.version}: it must be v=DKIM1 and stand first.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Put v=DKIM1 first.', 'v'),
  },
  'no-key': {
    message: (p) => `The record at ${p.selector} has no p=, so there is no key.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the key that the mail host signs with.'),
  },
  'bad-key': {
    message: (p) =>
      `What stands in p= at ${p.selector} is no ${p.type === 'ed25519' ? 'Ed25519' : 'RSA'} key: it was cut, or changed on the way.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the whole key.'),
  },
  'ed25519-wrapped': {
    message: (p) => `The Ed25519 key at ${p.selector} stands in its DER wrapping; p= has to hold its 32 bytes alone.`,
    rule: 'RFC 8463 §4',
    fix: publishKey('Publish the 32 bytes of the key in base64.'),
  },
  malformed: {
    message: (p) => `The key record at ${p.selector} cannot be read: ${p.detail}.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Replace the record.'),
  },
  'unknown-type': {
    message: (p) => `The key type ${p.type} is unknown to verifiers.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish an RSA key.'),
  },
  'not-for-email': {
    message: (p) => `The key is not for mail (s=${listed(p.services)}).`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Publish the key without s=.', 's'),
  },
  'no-sha256': {
    message: (p) => `The key does not allow sha256 (h=${p.hashes}), the only hash in use.`,
    rule: 'RFC 8301 §3.1',
    fix: publishKey('Publish the key without h=.', 'h'),
  },
  'obsolete-tag': {
    message: () => 'The record has the obsolete tag g=.',
    rule: 'RFC 6376 §C',
    fix: publishKey('Publish the key without g=.', 'g'),
  },
  'panel-artefacts': {
    message: (p) => `The record at ${p.selector} holds quotes or backslashes that a control panel left there.`,
    rule: 'RFC 6376 §3.6.1',
    fix: publishKey('Enter the value without quotes and backslashes.', 'v'),
  },
  'only-ed25519': {
    message: () => 'Only an Ed25519 key is published, which few receivers can check.',
    rule: 'RFC 8463 §5',
    fix: step('Sign with an RSA key too.', 'Add a second selector with an RSA key of 2048 bits and sign with both.'),
  },
  'some-selectors-bad': {
    message: (p) => `Another selector is good, but ${listed(p.selectors)} is not (${listed(p.reasons)}).`,
    rule: 'RFC 6376 §3.6',
    fix: publishKey('Publish the key there, or remove the selector here if nothing signs with it.'),
  },
} satisfies Record<string, Reason>

export type DnsDkimReason = keyof typeof dnsDkimReasons
