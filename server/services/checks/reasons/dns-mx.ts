import type { CheckTarget } from '../collectors/contract'
import type { Reason } from './contract'
import { foundStrings, listed, publish, step } from './words'

function mxRecord(target: CheckTarget, found: string[]): ReturnType<NonNullable<Reason['fix']>> {
  if (!target.receives) {
    return publish('Publish a null MX: this domain takes no mail.', { name: target.domain, type: 'MX', value: '0 .', found })
  }
  const expected = (target.mailHost?.mx ?? []).map((host, index) => `${(index + 1) * 10} ${host}.`)
  if (expected.length === 0) return publishTheirs
  return publish('Publish exactly the mail host as MX.', { name: target.domain, type: 'MX', value: expected.join('\n'), found })
}

/** Nobody told us which hosts take the mail. */
const publishTheirs = {
  summary: 'Publish the host names of the mail host as MX.',
  record: null,
  steps: [
    'Ask whoever hosts the mail for the names of their MX hosts.',
    'Publish one MX record for each, with a host name that has an A or AAAA record of its own.',
    'If a mail host of yours serves this domain, set it here: Vigia then says exactly what to publish.',
  ],
}

const publishMx: Reason['fix'] = (verdict, target) => mxRecord(target, foundStrings(verdict, 'mx'))

/** How the verdicts of `dns_mx` are told. */
export const dnsMxReasons = {
  ok: { message: (p) => `Mail goes to ${listed(p.hosts)}.`, rule: 'RFC 5321 §5.1' },
  'null-mx-ok': { message: () => 'A null MX says that this domain takes no mail, as declared.', rule: 'RFC 7505 §3' },
  'not-receiving-ok': {
    message: () => 'There is no MX and no address: this domain takes no mail, as declared.',
    rule: 'RFC 5321 §5.1',
  },
  nxdomain: {
    message: (p) => `The domain ${p.domain} does not exist in the DNS.`,
    rule: 'RFC 2308 §2.1',
    fix: step(
      'Check the registration and the delegation of the domain.',
      'Look the domain up at its registry.',
      'Compare the name servers there with the zone.',
    ),
  },
  missing: { message: () => 'There is no MX and no address, so no mail can arrive.', rule: 'RFC 5321 §5.1', fix: publishMx },
  'implicit-mx': {
    message: (p) => `There is no MX; senders fall back to the address of the domain itself (${listed(p.addresses)}).`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'null-mx': {
    message: () => 'A null MX refuses all mail, but this domain should receive.',
    rule: 'RFC 7505 §3',
    fix: publishMx,
  },
  'null-mx-mixed': {
    message: () => 'A null MX stands beside other MX records; it must stand alone.',
    rule: 'RFC 7505 §3',
    fix: publishMx,
  },
  'null-mx-preference': {
    message: (p) => `The null MX has preference ${p.preference} instead of 0.`,
    rule: 'RFC 7505 §3',
    fix: publishMx,
  },
  'unexpected-mx': {
    message: (p) => `This domain is declared to take no mail, but its MX names ${listed(p.hosts)}.`,
    rule: 'RFC 7505 §3',
    fix: publishMx,
  },
  'not-ours': {
    message: (p) => `None of the MX hosts is ours: mail goes to ${listed(p.foreign)}.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'foreign-primary': {
    message: (p) => `A foreign host is tried before ours: ${listed(p.foreign)}.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'foreign-extra': {
    message: (p) => `Besides ours there is a foreign MX: ${listed(p.foreign)}. Split delivery, or left over from a move.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  incomplete: {
    message: (p) => `Not all of our MX hosts are published: ${listed(p.absent)} is missing.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'ip-literal': {
    message: (p) => `The MX names ${p.exchange}, an IP address; it must be a host name.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  localhost: {
    message: (p) => `The MX names ${p.exchange}: every sender would deliver to itself.`,
    rule: 'RFC 6761 §6.3',
    fix: publishMx,
  },
  'target-unresolvable': {
    message: (p) => `No MX host has an address: ${listed(p.hosts)}.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'some-unresolvable': {
    message: (p) => `Some MX hosts have no address: ${listed(p.hosts)}.`,
    rule: 'RFC 5321 §5.1',
    fix: publishMx,
  },
  'private-address': {
    message: (p) => `${p.exchange} has an address that cannot be reached from outside: ${listed(p.addresses)}.`,
    rule: 'RFC 5321 §5.1',
    fix: step('Give the MX host a public address.', 'Replace the A or AAAA record of the MX host by its public address.'),
  },
  'cname-target': {
    message: (p) => `${p.exchange} is an alias (of ${listed(p.cnames)}); an MX must name a host with its own address.`,
    rule: 'RFC 2181 §10.3',
    fix: (verdict, target) => {
      const found = foundStrings(verdict, 'mx')
      const last = Array.isArray(verdict.params.cnames) ? verdict.params.cnames.at(-1) : undefined
      if (target.mailHost?.mx.length || !last) return mxRecord(target, found)
      return publish('Name the real host in the MX.', { name: target.domain, type: 'MX', value: `10 ${last}.`, found })
    },
  },
  duplicate: { message: (p) => `${p.exchange} is listed more than once.`, rule: 'RFC 5321 §5.1', fix: publishMx },
} satisfies Record<string, Reason>

export type DnsMxReason = keyof typeof dnsMxReasons
