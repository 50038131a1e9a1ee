import type { Reason } from '../../reasons/contract'
import { foundStrings, listed, publish, step } from '../../reasons/words'

/** An id is new when it is the moment of publishing; senders only compare it. */
const publishRecord =
  (summary: string): NonNullable<Reason['fix']> =>
  (verdict, target) =>
    publish(summary, {
      name: `_mta-sts.${target.domain}`,
      type: 'TXT',
      value: 'v=STSv1; id=(the date and time of the change, for example 20260120T1200);',
      found: foundStrings(verdict, 'records'),
    })

const servePolicy: NonNullable<Reason['fix']> = (_verdict, target) => ({
  summary: 'Serve the policy at its place, over TLS with a valid certificate, without redirects, as text/plain.',
  record: null,
  steps: [
    `Publish mta-sts.${target.domain} and get a certificate for it.`,
    `Serve https://mta-sts.${target.domain}/.well-known/mta-sts.txt with: version: STSv1, mode: enforce, ${(target.mailHost?.mx ?? ['(each MX host)']).map((host) => `mx: ${host}`).join(', ')}, max_age: 604800, one on each line.`,
    'Give the record at _mta-sts a new id.',
  ],
})

const changePolicy = (summary: string) => step(summary, 'Change the policy file.', 'Give the record at _mta-sts a new id.')

/** How the verdicts of `mta_sts` are told. */
export const mtaStsReasons = {
  ok: {
    message: (p) => `Senders are told to insist on TLS, and to remember it for ${p.days} days.`,
    rule: 'RFC 8461 §3.2',
  },
  absent: {
    message: () => 'Senders are not told to insist on TLS: whoever sits between may take it away.',
    rule: 'RFC 8461 §3.1',
    fix: servePolicy,
  },
  'not-receiving-ok': { message: (p) => `${p.domain} is declared to receive no mail, so it needs no policy.`, rule: null },
  multiple: {
    message: (p) => `There are ${p.count} records at ${p.name}; senders then act as if there were none.`,
    rule: 'RFC 8461 §3.1',
    fix: publishRecord('Keep one record.'),
  },
  'malformed-record': {
    message: (p) => `The record at ${p.name} has no id of 1 to 32 letters and digits; senders then act as if it were not there.`,
    rule: 'RFC 8461 §3.1',
    fix: publishRecord('Correct the record.'),
  },
  'policy-unreachable': {
    message: (p) => `A policy is announced, but cannot be fetched from ${p.url} (${p.detail}).`,
    rule: 'RFC 8461 §3.3',
    fix: servePolicy,
  },
  'policy-certificate': {
    message: (p) => `The certificate of ${p.url} is not valid (${p.fault}), so senders do not take the policy.`,
    rule: 'RFC 8461 §3.3',
    fix: step('Get a valid certificate for the policy host.'),
  },
  'policy-redirected': {
    message: (p) => `${p.url} answers with a redirect (HTTP ${p.status}), which senders must not follow.`,
    rule: 'RFC 8461 §3.3',
    fix: servePolicy,
  },
  'policy-too-large': {
    message: (p) => `The policy at ${p.url} is larger than 64 KB; senders may stop reading.`,
    rule: 'RFC 8461 §3.3',
    fix: servePolicy,
  },
  'policy-malformed': {
    message: (p) => `The policy at ${p.url} cannot be read: ${p.detail}.`,
    rule: 'RFC 8461 §3.2',
    fix: servePolicy,
  },
  'policy-silent': {
    message: (p) => `${p.url} did not answer in time, so the policy is not known.`,
    rule: null,
    fix: step('See that the web server of the policy runs and is not shielded from this machine.'),
  },
  'mx-not-covered': {
    message: (p) =>
      p.mode === 'enforce'
        ? `The policy does not name ${listed(p.hosts)}: senders that follow it deliver nothing there.`
        : `The policy does not name ${listed(p.hosts)}; once it is enforced, senders deliver nothing there.`,
    rule: 'RFC 8461 §4.1',
    fix: changePolicy('Name every MX host in the policy, or correct the MX records.'),
  },
  'id-unchanged': {
    message: (p) => `The policy has changed, but its id is still ${p.id}: senders go by the old one.`,
    rule: 'RFC 8461 §3.1',
    fix: publishRecord('Give the record a new id.'),
  },
  'media-type': {
    message: (p) => `The policy is served as ${p.type} and not as text/plain; some senders do not take it.`,
    rule: 'RFC 8461 §3.2',
    fix: step('Serve the policy as text/plain.', 'nginx: default_type text/plain;'),
  },
  'mode-testing': {
    message: () => 'The policy is in testing: failures are reported, but nobody insists on TLS.',
    rule: 'RFC 8461 §5',
    fix: changePolicy('When the reports show no failures, set mode: enforce.'),
  },
  'mode-none': {
    message: () => 'The policy says none: senders are told to forget it.',
    rule: 'RFC 8461 §5',
    fix: changePolicy('Set mode: enforce, or remove record and policy once the old max_age is over.'),
  },
  'short-max-age': {
    message: (p) => `Senders forget the policy after ${p.seconds} seconds; it protects only who sends more often than that.`,
    rule: 'RFC 8461 §3.2',
    fix: changePolicy('Set max_age to weeks, for example 604800 seconds or more.'),
  },
} satisfies Record<string, Reason>

export type MtaStsReason = keyof typeof mtaStsReasons
