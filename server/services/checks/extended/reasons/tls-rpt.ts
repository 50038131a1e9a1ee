import { listed, publish, foundStrings } from '../../reasons/words'
import type { Reason } from '../../reasons/contract'

const publishAddress =
  (summary: string): NonNullable<Reason['fix']> =>
  (verdict, target) =>
    publish(summary, {
      name: `_smtp._tls.${target.domain}`,
      type: 'TXT',
      value: `v=TLSRPTv1; rua=mailto:tls-reports@${target.domain}`,
      found: foundStrings(verdict, 'records'),
    })

/** How the verdicts of `tls_rpt` are told. */
export const tlsRptReasons = {
  ok: { message: (p) => `Reports about TLS failures go to ${listed(p.rua)}.`, rule: 'RFC 8460 §3' },
  absent: {
    message: () => 'Nobody is told when others cannot send mail here over TLS.',
    rule: 'RFC 8460 §3',
    fix: publishAddress('Publish an address for TLS reports, if you want them.'),
  },
  'absent-with-policy': {
    message: (p) => `${p.policy} is published, but nobody is told when it makes others hold mail back.`,
    rule: 'RFC 8460 §1',
    fix: publishAddress('Publish an address for TLS reports.'),
  },
  multiple: {
    message: (p) => `There are ${p.count} records at ${p.name}; senders then act as if there were none.`,
    rule: 'RFC 8460 §3',
    fix: publishAddress('Keep one record.'),
  },
  malformed: {
    message: (p) => `The record at ${p.name} cannot be read: ${p.detail}.`,
    rule: 'RFC 8460 §3',
    fix: publishAddress('Correct the record.'),
  },
  'not-receiving-ok': {
    message: (p) => `${p.domain} is declared to receive no mail, so there is nothing to report.`,
    rule: null,
  },
} satisfies Record<string, Reason>

export type TlsRptReason = keyof typeof tlsRptReasons
