import type { Reason } from './contract'
import { listed, step } from './words'

const renew = step(
  'Issue a new certificate for the webmail name and load it.',
  'Request a certificate for the name, for example with certbot.',
  'Install it on every front end and reload nginx.',
)
const repairRenewal = step(
  'Renewal is broken: find out why before the certificate ends.',
  'Look at the log of the ACME client on the front end.',
  'Check that port 80 or the DNS challenge still reaches it, then renew by hand.',
)
const checkServer = step(
  'See that the webmail server runs at this address.',
  'Check that nginx listens on this address and port.',
  'Check firewalls in between, or correct the A or AAAA record.',
)

/** How the verdicts of `cert_le` are told. */
export const certLeReasons = {
  ok: { message: (p) => `The certificate is valid until ${p.notAfter}.`, rule: 'RFC 5280 §6' },
  expired: { message: (p) => `The certificate at ${p.address} expired on ${p.notAfter}.`, rule: 'RFC 5280 §6.1.3', fix: renew },
  'not-yet-valid': {
    message: (p) => `The certificate at ${p.address} is valid only from ${p.notBefore}.`,
    rule: 'RFC 5280 §6.1.3',
    fix: step('Load the certificate that is valid now.', 'Check the clock of the machine that made it.'),
  },
  'self-signed': {
    message: (p) => `The certificate at ${p.address} is self-signed; browsers refuse it.`,
    rule: 'RFC 5280 §6.1',
    fix: renew,
  },
  'name-mismatch': {
    message: (p) => `The certificate at ${p.address} is for ${listed(p.names)} and not for ${p.host}.`,
    rule: 'RFC 9525 §6',
    fix: renew,
  },
  'untrusted-root': {
    message: (p) => `The certificate at ${p.address} comes from an authority that browsers do not trust (${p.issuer}).`,
    rule: 'RFC 5280 §6.1',
    fix: renew,
  },
  'staging-root': {
    message: (p) => `The certificate at ${p.address} is a trial one of its authority (${p.issuer}); browsers refuse it.`,
    rule: 'RFC 5280 §6.1',
    fix: step(
      'Issue a real certificate.',
      'Point the ACME client at the production directory (certbot: leave out --staging) and renew by force.',
      'Install it on every front end and reload nginx.',
    ),
  },
  'unrecognized-name': {
    message: (p) => `The server at ${p.address} knows no site of the name ${p.host} and ended the TLS handshake.`,
    rule: 'RFC 6066 §3',
    fix: step('Add a server block with a certificate for the webmail name, then reload nginx.'),
  },
  'ari-overdue': {
    message: (p) =>
      `The authority wanted the certificate of ${p.host} renewed by ${p.windowEnd}${p.explanation ? ` and says why at ${p.explanation}` : ''}.`,
    rule: 'RFC 9773 §4.2',
    fix: step(
      'Renew the certificate now: its authority may be about to revoke it.',
      'Use an ACME client that asks for renewal information (certbot 4.1 and later do).',
    ),
  },
  'incomplete-chain': {
    message: (p) => `The server at ${p.address} does not send the intermediate certificate.`,
    rule: 'RFC 8446 §4.4.2',
    fix: step('Send the full chain.', 'Point ssl_certificate at the file with the whole chain (fullchain.pem) and reload nginx.'),
  },
  revoked: {
    message: (p) => `The authority has revoked the certificate of ${p.host}${p.revokedAt ? ` on ${p.revokedAt}` : ''}.`,
    rule: 'RFC 5280 §6.3',
    fix: renew,
  },
  'weak-key': {
    message: (p) => `The certificate at ${p.address} has an RSA key of less than 2048 bits.`,
    rule: null,
    fix: renew,
  },
  'weak-signature': {
    message: (p) => `The certificate at ${p.address} is signed with a broken hash.`,
    rule: 'RFC 8446 §4.4.2.4',
    fix: renew,
  },
  'near-expiry': {
    message: (p) => `The certificate at ${p.address} ends on ${p.notAfter}: less than a tenth of its lifetime is left.`,
    rule: null,
    fix: repairRenewal,
  },
  'renewal-overdue': {
    message: (p) => `The certificate at ${p.address} ends on ${p.notAfter} and should have been renewed by now.`,
    rule: null,
    fix: repairRenewal,
  },
  'addresses-disagree': {
    message: (p) => `The addresses of ${p.host} show different certificates; all are valid.`,
    rule: null,
    fix: step('Load the same certificate on every front end.', 'Compare the certificates of the addresses in the evidence.'),
  },
  refused: {
    message: (p) => `${p.address} refuses connections on port ${p.port}.`,
    rule: null,
    fix: checkServer,
    cause: 'mail-host',
  },
  'not-tls': { message: (p) => `${p.address} does not speak TLS on port ${p.port}.`, rule: 'RFC 8446 §4', fix: checkServer },
  'tls-alert': {
    message: (p) =>
      `${p.address} ended the TLS handshake with an alert: it does not know ${p.host}, or offers only old versions.`,
    rule: 'RFC 8446 §6.2',
    fix: checkServer,
  },
  timeout: {
    message: (p) => `${p.address} did not answer on port ${p.port} in time, so its certificate is not known.`,
    rule: null,
    fix: checkServer,
    cause: 'mail-host',
  },
  'connection-lost': {
    message: (p) => `The connection to ${p.address} broke during the handshake.`,
    rule: null,
    fix: checkServer,
  },
  unresolved: {
    message: (p) => `${p.host} has no address.`,
    rule: 'RFC 2308 §2',
    fix: (_verdict, target) => ({
      summary: 'Publish the webmail name.',
      record: {
        name: target.webmailHost ?? `mail.${target.domain}`,
        type: 'CNAME',
        value: '(the host name of the front end).',
        found: [],
      },
      steps: [],
    }),
  },
} satisfies Record<string, Reason>

export type CertLeReason = keyof typeof certLeReasons
