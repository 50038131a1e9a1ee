import type { Reason } from './contract'
import { certLeReasons } from './cert-le'
import { step } from './words'

const checkServer = step(
  'See that the webmail is reachable from outside.',
  'Check that nginx listens on this address.',
  'Check the firewall, or correct the A or AAAA record.',
)
const checkRedirects = step('Correct the redirects of the virtual host.', 'Follow them with: curl -sIL https://HOST/')

/** How the verdicts of `webmail_http` are told. */
export const webmailHttpReasons = {
  ok: { message: (p) => `The login page of ${p.host} is there, over IPv4 and IPv6.`, rule: null },
  unresolved: { ...certLeReasons.unresolved },
  'http-error': {
    message: (p) => `${p.url} answers HTTP ${p.status}.`,
    rule: 'RFC 9110 §15',
    fix: step('Look into the error log of nginx and of the mail store behind it.'),
  },
  'wrong-content': {
    message: (p) => `${p.url} does not show our login page.`,
    rule: null,
    fix: step(
      'See whose page it is: a maintenance page, a parking page, or another server.',
      'Compare the address in DNS with the front ends of the mail host.',
    ),
  },
  'redirect-loop': { message: (p) => `${p.host} sends visitors in a circle.`, rule: 'RFC 9110 §15.4', fix: checkRedirects },
  'redirect-to-http': {
    message: (p) => `${p.url} sends visitors back to plain HTTP.`,
    rule: 'RFC 9110 §15.4',
    fix: checkRedirects,
  },
  'redirect-unresolved': {
    message: (p) => `${p.url} sends visitors to a name without an address.`,
    rule: 'RFC 9110 §15.4',
    fix: checkRedirects,
  },
  'redirect-leaves-host': {
    message: (p) => `The login page is shown by ${p.location}, not by ${p.host}.`,
    rule: null,
    fix: checkRedirects,
  },
  'blocked-by:cert_le': {
    message: (p) => `Visitors of ${p.host} are stopped by its certificate; see the certificate check.`,
    rule: 'RFC 9110 §4.3.4',
    fix: step('Mend the certificate first: the certificate check says how.'),
  },
  refused: {
    message: (p) => `${p.address} refuses connections for ${p.host}.`,
    rule: null,
    fix: checkServer,
    cause: 'mail-host',
  },
  'no-answer': {
    message: (p) => `${p.address} does not answer for ${p.host}.`,
    rule: null,
    fix: checkServer,
    cause: 'mail-host',
  },
  slow: {
    message: (p) => `The login page takes more than ${Number(p.limitMs) / 1_000} seconds.`,
    rule: null,
    fix: step('Look at the load of the front end and of the mail store.'),
  },
  'no-hsts': {
    message: () => 'The webmail does not ask browsers to stay on TLS.',
    rule: 'RFC 6797 §6.1',
    fix: step('Send the header.', 'add_header Strict-Transport-Security "max-age=31536000" always;'),
  },
  'no-https-redirect': {
    message: (p) => `Plain HTTP at ${p.host} does not lead to TLS on the same host.`,
    rule: 'RFC 6797 §7.2',
    fix: step('Redirect port 80 to TLS.', 'return 301 https://$host$request_uri;'),
  },
  'one-family': {
    message: (p) => `${p.host} cannot be reached over ${p.family}.`,
    rule: null,
    fix: step('Publish an address of this family, and let the front end answer on it.'),
  },
} satisfies Record<string, Reason>

export type WebmailHttpReason = keyof typeof webmailHttpReasons
