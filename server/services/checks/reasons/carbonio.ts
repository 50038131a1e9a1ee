import type { Reason } from './contract'
import { step } from './words'

const checkHost = step(
  'See that the mail host runs.',
  'On the mail host: systemctl status carbonio-appserver.target carbonio-proxy.target (older releases: zmcontrol status as user zextras).',
  'Check the firewall between Vigia and the health address.',
)
const checkCredentials = step(
  'Give Vigia credentials that the mail host takes.',
  'Open the mail host in the settings and enter user and password again.',
)

/** How the verdicts of `carbonio` are told. */
export const carbonioReasons = {
  ok: { message: (p) => `The mail host is well, and ${p.domain} is active on it.`, rule: null },
  'ok-health-only': {
    message: () => 'The mail host is well; without credentials its word on this domain is not asked.',
    rule: null,
  },
  'host-down': {
    message: (p) => `The mail host says that it is not well (HTTP ${p.status}); most likely its database.`,
    rule: null,
    fix: step(
      'Bring the mail store back.',
      'On the mail host: systemctl status carbonio-appserver.target',
      'Check MariaDB: the health answer depends on it alone.',
    ),
    cause: 'mail-host',
  },
  'host-unreachable': {
    message: (p) => `The mail host does not answer at ${p.url} (${p.result}).`,
    rule: null,
    fix: checkHost,
    cause: 'mail-host',
  },
  'host-unresolved': {
    message: (p) => `The host of the health address ${p.url} has no address.`,
    rule: 'RFC 2308 §2',
    fix: step('Correct the health address of the mail host, or its DNS.'),
    cause: 'mail-host',
  },
  'certificate-invalid': {
    message: (p) => `The certificate of ${p.url} is not valid (${p.fault}).`,
    rule: 'RFC 5280 §6',
    fix: step('Renew the certificate of the mail host.'),
    cause: 'mail-host',
  },
  'certificate-near-end': {
    message: (p) => `The certificate of ${p.url} ends on ${p.notAfter}.`,
    rule: null,
    fix: step('Renew the certificate of the mail host.'),
  },
  slow: {
    message: (p) => `The health answer takes more than ${Number(p.limitMs) / 1_000} seconds.`,
    rule: null,
    fix: step('Look at the load of the mail host.'),
  },
  'unexpected-answer': {
    message: (p) => `${p.url} answers HTTP ${p.status}, which is no health answer.`,
    rule: null,
    fix: step('Check the health address of the mail host.', 'The product has it at /service/health/ready.'),
    cause: 'mail-host',
  },
  'rate-limited': {
    message: () => 'The mail host asks us to slow down (HTTP 429).',
    rule: 'RFC 6585 §4',
    fix: step('Exempt the address of Vigia from the limit.'),
    cause: 'mail-host',
  },
  'credentials-refused': {
    message: (p) => `The mail host does not take our credentials (${p.code}), so the state of the domain is not known.`,
    rule: null,
    fix: checkCredentials,
    cause: 'mail-host',
  },
  'admin-unavailable': {
    message: (p) => `The admin service gives no usable answer (${p.code}), so the state of the domain is not known.`,
    rule: null,
    fix: step('Check the admin address of the mail host and the certificate there.'),
    cause: 'mail-host',
  },
  'domain-missing': {
    message: (p) => `The mail host does not know ${p.domain}.`,
    rule: null,
    fix: (_verdict, target) => ({
      summary: 'Create the domain on the mail host, or choose the mail host that has it.',
      record: null,
      steps: [`carbonio prov createDomain ${target.domain}`],
    }),
  },
  'domain-suspended': {
    message: (p) => `The mail host has the domain as "${p.state}".`,
    rule: null,
    fix: (_verdict, target) => ({
      summary: 'Make the domain active again, if that is meant.',
      record: null,
      steps: [`carbonio prov modifyDomain ${target.domain} zimbraDomainStatus active`],
    }),
  },
} satisfies Record<string, Reason>

export type CarbonioReason = keyof typeof carbonioReasons
