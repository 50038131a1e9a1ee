import type { Reason } from './contract'
import { inheritedCopy, judgedRecord, publishPolicy, withoutReports } from './dmarc-mend'
import { listed, publish } from './words'

/** How the verdicts of `dns_dmarc` are told. */
export const dnsDmarcReasons = {
  ok: { message: (p) => `The policy is enforced (p=${p.policy}).`, rule: 'RFC 9989 §4.7' },
  inherited: { message: (p) => `The policy is inherited from ${p.from} and enforced (${p.policy}).`, rule: 'RFC 9989 §4.10.1' },
  missing: {
    message: (p) => `There is no DMARC record at _dmarc.${p.domain} nor above it.`,
    rule: 'RFC 9989 §4.10',
    fix: publishPolicy('Publish a DMARC record.'),
  },
  'wrong-location': {
    message: (p) => `The DMARC record stands at ${p.domain}; it has to stand at _dmarc.${p.domain}.`,
    rule: 'RFC 9989 §4.10',
    fix: publishPolicy('Move the record to _dmarc.', judgedRecord),
  },
  'spf-found': {
    message: (p) => `At _dmarc.${p.domain} there is an SPF record (a wildcard?) and no DMARC record.`,
    rule: 'RFC 9989 §4.10',
    fix: publishPolicy('Publish a DMARC record at this name.'),
  },
  'multiple-records': {
    message: (p) =>
      `There are ${p.count} DMARC records at _dmarc.${p.domain}, so all are discarded: new receivers apply ${p.newReaders}, old ones ${p.oldReaders}.`,
    rule: 'RFC 9989 §4.10',
    fix: publishPolicy('Keep one record.'),
  },
  'missing-policy': {
    message: () =>
      'The record has no policy (p=): new receivers take it for none if there is a report address, old ones ignore the record.',
    rule: 'RFC 9989 §4.10.1',
    fix: publishPolicy('Add the policy.'),
  },
  'invalid-policy': {
    message: (p) => `The policy "${p.policy}" is not one of none, quarantine, reject.`,
    rule: 'RFC 9989 §4.10.1',
    fix: publishPolicy('Correct the policy.'),
  },
  'monitor-only': {
    message: () => 'The policy is none: forged mail is reported but delivered.',
    rule: 'RFC 9989 §4.7',
    fix: publishPolicy('When the reports show all your senders as aligned, raise the policy.'),
  },
  testing: {
    message: (p) =>
      `The record is marked as a test (t=y): new receivers apply ${p.applied} instead of ${p.policy}; older ones do not know the mark.`,
    rule: 'RFC 9989 §4.7',
    fix: publishPolicy('Publish the policy without t=y.'),
  },
  'subdomains-open': {
    message: () => 'The policy of subdomains is none (sp=none): anybody may forge mail from a subdomain.',
    rule: 'RFC 9989 §4.7',
    fix: publishPolicy('Publish the policy without sp=none.'),
  },
  'nonexistent-open': {
    message: () => 'The policy of subdomains that do not exist is none (np=none): anybody may make one up and send from it.',
    rule: 'RFC 9989 §4.7',
    fix: publishPolicy('Publish the policy without np=none.'),
  },
  'pct-partial': {
    message: (p) => `Receivers that follow the old standard apply the policy to ${p.pct} % of the mail only.`,
    rule: 'RFC 7489 §6.3',
    fix: publishPolicy('Publish the policy without pct.'),
  },
  'receivers-may-differ': {
    message: (p) => `The policy comes from ${p.from}, but receivers that use the public suffix list look at ${p.bySuffixList}.`,
    rule: 'RFC 9989 §4.10.2',
    fix: publishPolicy('Give this domain a record of its own.', inheritedCopy),
  },
  'bad-report-address': {
    message: (p) => `A report address is not of the form mailto:name@domain: ${listed(p.addresses)}.`,
    rule: 'RFC 9989 §4.8',
    fix: publishPolicy('Correct the report address.'),
  },
  'no-reports': {
    message: () => 'The policy is enforced, but nobody receives the reports (no rua).',
    rule: 'RFC 9989 §4.7',
    fix: publishPolicy('Add an address for the reports.'),
  },
  'reports-not-authorised': {
    message: (p) => `${p.host} has not agreed to receive the reports of this domain.`,
    rule: 'RFC 9990 §4',
    fix: (verdict) =>
      publish('Publish this where the reports go.', {
        name: String(verdict.params.name),
        type: 'TXT',
        value: 'v=DMARC1;',
        found: [],
      }),
  },
  'reports-undeliverable': {
    message: (p) => `Reports go to ${p.host}, which takes no mail: it has no MX.`,
    rule: 'RFC 9990 §4',
    fix: publishPolicy('Send the reports where mail arrives.', withoutReports),
  },
} satisfies Record<string, Reason>

export type DnsDmarcReason = keyof typeof dnsDmarcReasons
