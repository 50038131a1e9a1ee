import type { Reason } from '../../reasons/contract'
import { foundStrings, listed, publish, step } from '../../reasons/words'

const allowOurs: NonNullable<Reason['fix']> = (verdict, target) =>
  publish('Allow Let’s Encrypt beside the authorities that are allowed already.', {
    name: typeof verdict.evidence.found.name === 'string' ? verdict.evidence.found.name : target.domain,
    type: 'CAA',
    value: '0 issue "letsencrypt.org"',
    found: foundStrings(verdict, 'records'),
  })

/** How the verdicts of `caa` are told. */
export const caaReasons = {
  ok: { message: (p) => `Let’s Encrypt may issue certificates for ${p.host}.`, rule: 'RFC 8659 §4.2' },
  'ok-unrestricted': {
    message: (p) => `The CAA records at ${p.at} restrict nobody, so Let’s Encrypt may issue certificates for ${p.host}.`,
    rule: 'RFC 8659 §4.2',
  },
  absent: {
    message: (p) => `No CAA record says who may issue certificates for ${p.host}: any authority may.`,
    rule: 'RFC 8659 §3',
    fix: (_verdict, target) =>
      publish('Publish who may issue, if you want to say so.', {
        name: target.domain,
        type: 'CAA',
        value: '0 issue "letsencrypt.org"',
        found: [],
      }),
  },
  'not-allowed': {
    message: (p) =>
      `The CAA records at ${p.at} allow ${listed(p.issuers) || 'nobody'}, not Let’s Encrypt: the certificate of ${p.host} cannot be renewed.`,
    rule: 'RFC 8659 §4.2',
    fix: allowOurs,
  },
  'info-other-ca': {
    message: (p) => `The CAA records at ${p.at} allow ${listed(p.issuers) || 'nobody'}, not Let’s Encrypt.`,
    rule: 'RFC 8659 §4.2',
  },
  'critical-unknown': {
    message: (p) => `The critical property "${p.tag}" at ${p.at} is unknown to authorities: none of them may issue.`,
    rule: 'RFC 8659 §4.1',
    fix: step('Remove the property, or its critical flag (publish flags 0 instead of 128).'),
  },
  'ca-would-refuse': {
    message: (p) =>
      `The CAA records of ${p.name} cannot be looked up (SERVFAIL): a certificate authority would refuse to issue until they can.`,
    rule: 'RFC 8659 §6',
    fix: step(
      'See that every name server of the zone answers questions of type CAA, and that its DNSSEC is in order.',
      'dig CAA NAME @NAMESERVER has to answer NOERROR or NXDOMAIN.',
    ),
  },
} satisfies Record<string, Reason>

export type CaaReason = keyof typeof caaReasons
