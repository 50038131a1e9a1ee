import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const publishMatching = step(
  'Publish TLSA records that match the certificate, or load the certificate that they match.',
  'The digest of the key that is in use: openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum',
  'Publish it as 3 1 1 DIGEST at _25._tcp.HOST, and keep the key when the certificate is renewed.',
)

/** How the verdicts of `dane` are told. */
export const daneReasons = {
  ok: { message: (p) => `The certificates of ${listed(p.hosts)} are those that the zone promises.`, rule: 'RFC 7672 §2.2' },
  absent: {
    message: () => 'The MX hosts have no TLSA records: the zone promises no certificate.',
    rule: 'RFC 7672 §2.1.1',
    fix: step(
      'Publish TLSA records for the MX hosts, if their zone and yours are signed.',
      'The digest of the key: openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum',
      'Publish 3 1 1 DIGEST at _25._tcp.HOST.',
    ),
  },
  'not-receiving-ok': {
    message: (p) => `${p.domain} is declared to receive no mail, so there is nothing to promise.`,
    rule: null,
  },
  'not-signed': {
    message: (p) => `There are TLSA records, but what leads to them is not signed (${p.name}): they have no effect.`,
    rule: 'RFC 7672 §2.2',
    fix: step('Sign the zone of the domain and the zone of the MX hosts, or remove the TLSA records.'),
  },
  unusable: {
    message: (p) => `The TLSA records of ${p.host} cannot be used for mail (${listed(p.records)}).`,
    rule: 'RFC 7672 §3.1.3',
    fix: publishMatching,
  },
  mismatch: {
    message: (p) =>
      `The certificate of ${p.host} (${p.address}) matches none of its TLSA records: senders that follow them deliver nothing there.`,
    rule: 'RFC 7672 §2.2',
    fix: publishMatching,
  },
  'no-tls': {
    message: (p) =>
      `${p.host} (${p.address}) offers no TLS, though its TLSA records demand it: senders that follow them deliver nothing.`,
    rule: 'RFC 7672 §2.2',
    fix: step('Switch STARTTLS on at the server, or remove the TLSA records.'),
  },
  'not-reached': {
    message: (p) => `The certificate of ${p.host} (${p.address}) could not be looked at (${p.fault}).`,
    rule: null,
    fix: step('See that port 25 of the MX host can be reached from this machine.'),
  },
  'some-hosts': {
    message: (p) => `Some MX hosts have no TLSA records (${listed(p.hosts)}): who wants to listen makes senders go there.`,
    rule: 'RFC 7672 §2.2.1',
    fix: step('Publish signed TLSA records for every MX host.'),
  },
  'single-key': {
    message: (p) => `${p.host} has one TLSA record alone; before the key changes, the next one has to be published beside it.`,
    rule: 'RFC 7671 §8.1',
    fix: step('Publish the record of the next key, or of the issuer (2 1 1), beside it.'),
  },
  'resolver-not-validating': {
    message: () => 'The resolvers of Vigia do not validate, so whether TLSA records have an effect is not known.',
    rule: 'RFC 7672 §2.1.1',
    fix: step('Let VIGIA_DNS_SERVERS name resolvers that validate, best on this machine.'),
  },
} satisfies Record<string, Reason>

export type DaneReason = keyof typeof daneReasons
