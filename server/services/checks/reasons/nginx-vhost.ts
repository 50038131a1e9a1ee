import type { Reason } from './contract'
import { listed, step } from './words'

const addVhost: Reason['fix'] = (_verdict, target) => ({
  summary: 'Add the webmail name as a virtual host of this domain and renew the configuration of the proxy.',
  record: null,
  steps: [
    `carbonio prov modifyDomain ${target.domain} zimbraVirtualHostName ${target.webmailHost ?? `mail.${target.domain}`}`,
    'Set the certificate of the domain, then restart the proxy so that it writes its server blocks anew.',
  ],
})
const checkFrontend = step(
  'See that nginx runs on this front end.',
  'Check that it listens on this address and port.',
  'Check the firewall in front of it.',
)

/** How the verdicts of `nginx_vhost` are told. */
export const nginxVhostReasons = {
  ok: { message: (p) => `Every front end serves ${p.host} with its login page.`, rule: null },
  'no-frontends': {
    message: () => 'The mail host has no front-end addresses, so there is nothing to ask.',
    rule: null,
    fix: step('Enter the front-end addresses of the mail host.'),
  },
  'default-vhost': {
    message: (p) => `At ${p.address} the default server answers for ${p.host}: there is no virtual host of this name.`,
    rule: 'RFC 9110 §7.2',
    fix: addVhost,
  },
  'http-error': {
    message: (p) => `At ${p.address} the virtual host of ${p.host} answers HTTP ${p.status}.`,
    rule: 'RFC 9110 §15',
    fix: step('Look into the error log of nginx on this front end.'),
  },
  'no-login-page': {
    message: (p) => `At ${p.address} the virtual host of ${p.host} does not show our login page (${p.result}).`,
    rule: null,
    fix: step('Check the login path and the marker of the mail host, and the document root of the virtual host.'),
  },
  'redirect-leaves-host': {
    message: (p) => `At ${p.address} ${p.host} sends visitors on to ${p.location}.`,
    rule: 'RFC 9110 §15.4',
    fix: step('Let the virtual host answer under its own name, or enter the new name as the webmail host.'),
  },
  refused: {
    message: (p) => `${p.address} refuses connections on port ${p.port}.`,
    rule: null,
    fix: checkFrontend,
    cause: 'mail-host',
  },
  'no-answer': {
    message: (p) => `${p.address} does not answer on port ${p.port}.`,
    rule: null,
    fix: checkFrontend,
    cause: 'mail-host',
  },
  'not-tls': {
    message: (p) => `${p.address} does not speak TLS on port ${p.port}.`,
    rule: null,
    fix: checkFrontend,
    cause: 'mail-host',
  },
  'tls-alert': {
    message: (p) => `${p.address} ends the TLS handshake for ${p.host} with an alert.`,
    rule: 'RFC 8446 §6.2',
    fix: addVhost,
  },
  'unrecognized-name': {
    message: (p) => `${p.address} rejects the TLS handshake for ${p.host}: it has no virtual host of this name.`,
    rule: 'RFC 6066 §3',
    fix: addVhost,
  },
  'one-family': {
    message: (p) => `The front ends do not answer over ${p.family}: ${listed(p.addresses)}.`,
    rule: null,
    fix: checkFrontend,
  },
  'some-frontends-down': {
    message: (p) => `Some front ends do not answer: ${listed(p.addresses)}.`,
    rule: null,
    fix: checkFrontend,
  },
} satisfies Record<string, Reason>

export type NginxVhostReason = keyof typeof nginxVhostReasons
