import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const certificate = step(
  'Give the mail server a certificate for the name in the MX record.',
  'Postfix: smtpd_tls_chain_files (key, then certificate, then its chain).',
  'Check with: openssl s_client -starttls smtp -connect HOST:25 -servername HOST',
)
const enableTls = step('Switch TLS on for incoming mail.', 'Postfix: smtpd_tls_security_level = may, and smtpd_tls_chain_files.')
const where = (p: { host?: unknown; address?: unknown }) => `${p.host} (${p.address})`

/** How the verdicts of `smtp_tls` are told. */
export const smtpTlsReasons = {
  ok: { message: (p) => `Mail reaches every address of ${listed(p.hosts ?? p.host)} over TLS.`, rule: 'RFC 3207 §4' },
  'info-no-mx': { message: () => 'There is no mail exchanger with an address to look at; see the MX check.', rule: null },
  'not-receiving-ok': { message: (p) => `Nothing is received for ${p.domain}, so no mail server is looked at.`, rule: null },
  refused: {
    message: (p) => `Connections to port 25 are refused by every address of ${listed(p.hosts)}.`,
    rule: 'RFC 5321 §4.5.4.2',
    fix: step('See that the mail server runs, and that the firewall lets port 25 in.'),
  },
  'address-refuses': {
    message: (p) => `Connections to port 25 are refused by ${where(p)}.`,
    rule: 'RFC 5321 §5.1',
    fix: step('Let the server listen on this address, or take the address out of DNS.'),
    cause: 'mail-host',
  },
  'no-answer': {
    message: (p) => `No answer from ${where(p)} on port 25; this machine may not be allowed to connect to mail servers.`,
    rule: null,
    fix: step('See whether the provider of the machine that Vigia runs on blocks outgoing port 25.'),
  },
  'inner-address': {
    message: (p) => `An inner address stands in DNS for ${where(p)}, and Vigia was not told that it may connect there.`,
    rule: null,
    fix: step('If the address is yours, allow its network: VIGIA_ALLOW_NETS.'),
  },
  declined: {
    message: (p) => `The server ${where(p)} does not talk to Vigia: ${p.reply}`.replace(/[.\s]*$/, '.'),
    rule: 'RFC 5321 §3.1',
    fix: step('Let the address of the machine that Vigia runs on through, if the server is yours.'),
  },
  'not-smtp': {
    message: (p) => `What answers on port 25 of ${where(p)} does not speak SMTP as it should.`,
    rule: 'RFC 5321 §4.2',
    fix: step('See what listens on this port.'),
    cause: 'mail-host',
  },
  'no-starttls': {
    message: (p) => `Mail to ${where(p)} travels in clear: STARTTLS is not offered.`,
    rule: 'RFC 3207 §4',
    fix: enableTls,
    cause: 'mail-host',
  },
  'starttls-declined': {
    message: (p) => `STARTTLS is offered by ${where(p)} and then refused: ${p.reply}`.replace(/[.\s]*$/, '.'),
    rule: 'RFC 3207 §4',
    fix: step('See the log of the mail server; a certificate or key that cannot be read is the usual cause.'),
    cause: 'mail-host',
  },
  injected: {
    message: (p) => `More than one reply came in clear from ${where(p)} before TLS began: somebody on the way could inject text.`,
    rule: 'RFC 3207 §4.2',
    fix: step('Update the mail server, and any proxy or inspection device in front of it (CVE-2011-0411).'),
    cause: 'mail-host',
  },
  'handshake-failed': {
    message: (p) => `The TLS handshake with ${where(p)} fails after STARTTLS.`,
    rule: 'RFC 3207 §4.1',
    fix: certificate,
    cause: 'mail-host',
  },
  'outdated-tls': {
    message: (p) => `The best that ${where(p)} speaks is ${p.protocol}, which must not be used any more.`,
    rule: 'RFC 8996',
    fix: step('Allow TLS 1.2 and 1.3 and nothing older.', 'Postfix: smtpd_tls_protocols = >=TLSv1.2'),
    cause: 'mail-host',
  },
  'name-mismatch': {
    message: (p) => `The certificate of ${where(p)} is for another name: ${listed(p.names)}.`,
    rule: 'RFC 9525 §6',
    fix: certificate,
    cause: 'mail-host',
  },
  'untrusted-certificate': {
    message: (p) => `The certificate of ${where(p)} is not one that senders can verify: ${p.fault}.`,
    rule: 'RFC 5280 §6',
    fix: certificate,
    cause: 'mail-host',
  },
  'near-expiry': {
    message: (p) => `The certificate of ${where(p)} ends on ${p.notAfter} and was not renewed.`,
    rule: 'RFC 5280 §4.1.2.5',
    fix: certificate,
    cause: 'mail-host',
  },
  'breaks-policy': {
    message: (p) => `MTA-STS is enforced, and ${where(p)} does not meet it (${p.problem}): senders hold mail back.`,
    rule: 'RFC 8461 §5',
    fix: step('Mend TLS at this address.', 'Until then publish mode: testing, with a new id.'),
  },
} satisfies Record<string, Reason>

export type SmtpTlsReason = keyof typeof smtpTlsReasons
