import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const where = (p: { host?: unknown; port?: unknown; address?: unknown }) => `${p.host}:${p.port} (${p.address})`
const certificate = step(
  'Give the server a certificate for the name that mail programs are set up with.',
  'Check with: openssl s_client -connect HOST:993 -servername HOST',
)

/** How the verdicts of `client_ports` are told. */
export const clientPortsReasons = {
  ok: { message: (p) => `Mail programs read and send over TLS at ${listed(p.hosts ?? p.host)}.`, rule: 'RFC 8314 §3' },
  'none-open': {
    message: (p) => `No port for mail programs is open at ${listed(p.hosts)}; that is fine where only webmail is offered.`,
    rule: null,
    fix: step('If mail programs are to work, open 993 and 465, or publish SRV records of the place where they work.'),
  },
  'login-in-clear': {
    message: (p) => `A password may be sent in clear to ${where(p)}.`,
    rule: 'RFC 8314 §4.1',
    fix: step(
      'Refuse passwords before TLS.',
      'Postfix: smtpd_tls_auth_only = yes',
      'Dovecot: auth_allow_cleartext = no (before 2.4: disable_plaintext_auth = yes)',
      'Carbonio: zmprov mcf zimbraReverseProxyImapStartTlsMode only',
    ),
    cause: 'mail-host',
  },
  'no-starttls': {
    message: (p) => `STARTTLS does not work at ${where(p)}, so nobody can sign in there safely.`,
    rule: 'RFC 8314 §3',
    fix: step('Offer STARTTLS on this port, or close it.'),
    cause: 'mail-host',
  },
  'no-implicit-tls': {
    message: (p) => `For ${p.use} mail there is only STARTTLS; port ${p.port} with TLS from the first byte is not open.`,
    rule: 'RFC 8314 §3',
    fix: step('Open the port with implicit TLS: 993 for IMAP, 465 for sending.'),
    cause: 'mail-host',
  },
  'published-but-closed': {
    message: (p) => `SRV records send mail programs to ${where(p)}, which refuses connections.`,
    rule: 'RFC 6186 §3',
    fix: step('Open the port, or correct the SRV record. A target of "." says that the service is not offered.'),
  },
  'no-answer': {
    message: (p) => `SRV records send mail programs to ${where(p)}, which does not answer.`,
    rule: 'RFC 6186 §3',
    fix: step('Check the firewall, or correct the SRV record.'),
  },
  injected: {
    message: (p) => `More than one reply came in clear from ${where(p)} before TLS began: somebody on the way could inject text.`,
    rule: 'RFC 3207 §4.2',
    fix: step('Update the server, and any proxy or inspection device in front of it (CVE-2011-0411).'),
    cause: 'mail-host',
  },
  'handshake-failed': {
    message: (p) => `The TLS handshake with ${where(p)} fails.`,
    rule: 'RFC 8314 §3',
    fix: certificate,
    cause: 'mail-host',
  },
  'invalid-certificate': {
    message: (p) => `Mail programs warn of the certificate of ${where(p)}: ${p.fault}.`,
    rule: 'RFC 5280 §6',
    fix: certificate,
    cause: 'mail-host',
  },
  'name-mismatch': {
    message: (p) => `The certificate of ${where(p)} is for another name: ${listed(p.names)}.`,
    rule: 'RFC 9525 §6',
    fix: certificate,
  },
  'outdated-tls': {
    message: (p) => `The best that ${where(p)} speaks is ${p.protocol}, which must not be used any more.`,
    rule: 'RFC 8997 §3',
    fix: step('Allow TLS 1.2 and 1.3 and nothing older.'),
    cause: 'mail-host',
  },
  'near-expiry': {
    message: (p) => `The certificate of ${where(p)} ends on ${p.notAfter} and was not renewed.`,
    rule: 'RFC 5280 §4.1.2.5',
    fix: certificate,
    cause: 'mail-host',
  },
} satisfies Record<string, Reason>

export type ClientPortsReason = keyof typeof clientPortsReasons
