import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const publishSrv: NonNullable<Reason['fix']> = (_verdict, target) => ({
  summary: 'Publish where the servers are, if mail programs are to find them.',
  record: {
    name: `_imaps._tcp.${target.domain}`,
    type: 'SRV',
    value: `0 1 993 ${target.webmailHost ?? `mail.${target.domain}`}.`,
    found: [],
  },
  steps: [
    `The same for sending: _submissions._tcp.${target.domain} SRV 0 1 465 …`,
    'For what is not offered publish the target ".": _imap._tcp SRV 0 0 0 .',
  ],
})

/** How the verdicts of `autoconfig` are told. */
export const autoconfigReasons = {
  ok: { message: (p) => `Mail programs find the servers by ${listed(p.ways)}.`, rule: 'RFC 6186 §3' },
  'not-offered-ok': { message: (p) => `DNS says that mail programs are not served at ${p.domain}.`, rule: 'RFC 6186 §3.4' },
  absent: {
    message: (p) => `Nothing tells mail programs where the servers of ${p.domain} are; people type them in.`,
    rule: 'RFC 6186 §3',
    fix: publishSrv,
  },
  'srv-unresolved': {
    message: (p) => `SRV at ${p.name} names ${p.target}, which has no address.`,
    rule: 'RFC 2782',
    fix: step('Correct the target of the SRV record, or publish its address.'),
  },
  'srv-alias': {
    message: (p) => `SRV at ${p.name} names ${p.target}, an alias of ${p.alias}; an alias is not allowed there.`,
    rule: 'RFC 2782',
    fix: step('Name the host itself as target of the SRV record.'),
  },
  'bad-tls': {
    message: (p) => `Mail programs refuse ${p.url}: its certificate is not valid for this name.`,
    rule: 'RFC 9110 §4.3.4',
    fix: step('Add the name to the certificate of the web server, or take the name out of DNS.'),
  },
  'page-error': {
    message: (p) => `Mail programs that ask ${p.url} get HTTP ${p.status}.`,
    rule: null,
    fix: step('Serve the file, or take the name out of DNS.'),
  },
  'page-refused': {
    message: (p) => `Mail programs that ask ${p.url} are refused.`,
    rule: null,
    fix: step('Let a web server listen there, or take the name out of DNS.'),
  },
  'no-answer': {
    message: (p) => `No answer from ${p.url}.`,
    rule: null,
    fix: step('Check the firewall and the address in DNS.'),
  },
  'config-unreadable': {
    message: (p) => `What ${p.url} serves is not a configuration that mail programs can read.`,
    rule: null,
    fix: step('Serve a clientConfig file with at least one server for reading and one for sending.'),
  },
  'config-in-clear': {
    message: (p) => `The configuration at ${p.url} makes mail programs send the password in clear to ${p.host}.`,
    rule: 'RFC 8314 §4.1',
    fix: step('Set socketType to SSL for each server.'),
  },
} satisfies Record<string, Reason>

export type AutoconfigReason = keyof typeof autoconfigReasons
