import type { Reason } from './contract'
import { step } from './words'

/** Reasons that any check may give: the monitor's and the resolver's troubles, none of them the domain's failure. */
export const sharedReasons = {
  'no-mail-host': {
    message: () => 'No mail host is set for this domain, so there is nothing to compare with.',
    rule: null,
    fix: () => ({
      summary: 'Choose the mail host that serves this domain.',
      record: null,
      steps: ['Open the domain.', 'Set its mail host.'],
    }),
  },
  budget: {
    message: (params) => `The check did not finish within ${params.seconds} seconds; the other checks stand.`,
    rule: null,
  },
  'internal-fault': {
    message: () => 'Vigia itself failed while looking; this says nothing about the domain.',
    rule: null,
    fix: step(
      'Look into the log of Vigia for this check.',
      'Find the line of this check and time in the log.',
      'Report it with that line: this is a fault of Vigia.',
    ),
  },
  'monitor-fault': {
    message: (params) =>
      `No answer from ${params.target}, but the canary failed too or this machine was overloaded: the fault is most likely on our side.`,
    rule: null,
    fix: step(
      'Check the network, the resolvers and the load of the machine that Vigia runs on.',
      'Run on that machine: dig . NS',
      'Look at its load and its memory.',
    ),
  },
  'blocked-address': {
    message: (params) => `${params.address} is an inner address, and Vigia was not told that it may connect there.`,
    rule: null,
    fix: (verdict) => ({
      summary: `If this address is yours, allow it: add its network to VIGIA_ALLOW_NETS.`,
      record: null,
      steps: [`Set VIGIA_ALLOW_NETS so that it holds ${verdict.params.address}.`, 'Restart Vigia and run the check again.'],
    }),
  },
  'resolvers-disagree': {
    message: (params) =>
      `Two resolvers disagree about ${params.name} ${params.type}: a change is still spreading, or the views are split.`,
    rule: null,
    fix: ({ params }) => ({
      summary: 'Wait until the old TTL is over; if it stays, compare the answers of all name servers of the zone.',
      record: null,
      steps: [`dig +nssearch ${params.name}`, `dig ${params.name} ${params.type}, at each of these servers`],
    }),
  },
  'dns-servfail': {
    message: (params) =>
      `The resolver could not answer ${params.name} ${params.type} (SERVFAIL): a broken zone, a DNSSEC fault or the resolver itself.`,
    rule: 'RFC 1035 §4.1.1',
    fix: (verdict) => ({
      summary: 'Ask the name servers of the zone directly, and check its DNSSEC signatures.',
      record: null,
      steps: [
        `dig +trace ${verdict.params.name} ${verdict.params.type}`,
        `dig +cd ${verdict.params.name} ${verdict.params.type}`,
      ],
    }),
  },
  'zone-broken': {
    message: (params) =>
      `The name servers of ${params.zone} cannot answer for it, even when they are asked directly: ${params.name} ${params.type} resolves for nobody.`,
    rule: 'RFC 1912 §2.8',
    fix: (verdict) => ({
      summary: 'Make the name servers of the zone serve it again, or delegate it to servers that do.',
      record: null,
      steps: [
        `Ask each name server of the zone: dig +norecurse ${verdict.params.zone} SOA @SERVER`,
        'Load the zone where the answer is SERVFAIL; set it up where the answer is REFUSED.',
        'If a server no longer serves the zone, take it out of the delegation at the registrar.',
      ],
    }),
  },
  'dnssec-bogus': {
    message: (params) =>
      `Two resolvers reject ${params.name} ${params.type}, because the DNSSEC signatures of its zone are wrong (${params.errors}).`,
    rule: 'RFC 4035 §5.5',
    fix: (verdict) => ({
      summary: 'Sign the zone anew, or take its DS record out at the registrar until it is signed well.',
      record: null,
      steps: [
        `See what stands there: dig +cd +dnssec ${verdict.params.name} ${verdict.params.type}`,
        'Compare the DS record at the parent with the DNSKEY record of the zone.',
        'Look at the end of the RRSIG records: expired signatures are the most common cause.',
      ],
    }),
  },
  'dns-refused': {
    message: (params) => `The resolver refused to answer ${params.name} ${params.type} (REFUSED).`,
    rule: 'RFC 1035 §4.1.1',
    fix: step(
      'Check that the resolvers in VIGIA_DNS_SERVERS serve this machine.',
      'Ask each of them from this machine: dig . NS, with @ and its address.',
      'Allow this machine in their access list, or name resolvers that do serve it.',
    ),
  },
  'dns-timeout': {
    message: (params) => `No resolver answered ${params.name} ${params.type} in time.`,
    rule: null,
    fix: ({ params }) => ({
      summary: 'Check the path to the resolvers and to the name servers of the zone.',
      record: null,
      steps: [`dig ${params.name} ${params.type}`, `dig +trace ${params.name} ${params.type}`],
    }),
  },
  'dns-truncated': {
    message: (params) => `The answer to ${params.name} ${params.type} is too big for UDP, and TCP port 53 could not be used.`,
    rule: 'RFC 7766 §5',
    fix: ({ params }) => ({
      summary: 'Open TCP port 53 from this machine to the resolver, and from the resolver outwards.',
      record: null,
      steps: [`dig +tcp ${params.name} ${params.type}`],
    }),
  },
  'dns-fault': {
    message: (params) => `The question ${params.name} ${params.type} failed on the way (${params.outcome}).`,
    rule: null,
    fix: ({ params }) => ({
      summary: 'Check the resolvers in VIGIA_DNS_SERVERS and the network to them.',
      record: null,
      steps: [`dig ${params.name} ${params.type}, at each of these resolvers`],
    }),
  },
} satisfies Record<string, Reason>

export type SharedReason = keyof typeof sharedReasons
