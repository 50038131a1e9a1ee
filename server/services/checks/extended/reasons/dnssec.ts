import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const signZone = step(
  'Sign the zone, if your name servers can.',
  'Switch DNSSEC on at the provider of the name servers.',
  'Give the DS record that it shows to the registrar.',
)
const repair = step(
  'Sign the zone anew, or take the DS record away at the registrar until it is mended.',
  'See which signature or key is wrong: delv DOMAIN SOA, or dnsviz.net.',
  'If it cannot be mended at once, remove the DS record at the registrar: the domain is then unsigned, but reachable.',
)

/** How the verdicts of `dnssec` are told. */
export const dnssecReasons = {
  ok: {
    message: (p) => `The zone is signed and validates${p.until ? `; its signatures last until ${p.until} UTC` : ''}.`,
    rule: 'RFC 4035 §5',
  },
  unsigned: { message: (p) => `${p.domain} is not signed.`, rule: 'RFC 4035 §2', fix: signZone },
  'not-anchored': {
    message: (p) => `${p.domain} has keys, but the parent zone has no DS record of them: the signatures have no effect.`,
    rule: 'RFC 4035 §2.4',
    fix: step(
      'Give the DS record of the zone to the registrar.',
      'Read it off the name server, for example with dnssec-dsfromkey.',
    ),
  },
  'info-insecure': {
    message: (p) => `${p.domain} is signed in a way that the resolver does not follow, so it counts as unsigned.`,
    rule: 'RFC 4035 §5.2',
  },
  'signatures-end': {
    message: (p) => `The signatures of the zone end at ${p.until} UTC and should have been renewed by now.`,
    rule: 'RFC 6781 §4.4.2',
    fix: step(
      'Sign the zone anew before they end: after that nobody who validates can reach the domain.',
      'See why the signer of the zone stopped: its log, its disk, its clock.',
    ),
  },
  'ds-without-key': {
    message: (p) => `The parent zone has a DS record for ${p.domain}, but the zone has no key: who validates cannot reach it.`,
    rule: 'RFC 4035 §5.2',
    fix: step('Remove the DS record at the registrar, or sign the zone again with the key that it names.'),
  },
  bogus: {
    message: (p) => `The signatures of ${p.domain} are wrong (${listed(p.errors)}): who validates cannot reach it.`,
    rule: 'RFC 4035 §5.5',
    fix: repair,
  },
  'likely-bogus': {
    message: (p) =>
      `The resolver gives ${p.domain} only to who does not ask for validation; most likely its signatures are wrong, but the resolver does not say so.`,
    rule: 'RFC 4035 §3.2.2',
    fix: repair,
  },
  'resolver-not-validating': {
    message: () => 'The resolvers of Vigia do not validate, so whether the signatures hold is not known.',
    rule: 'RFC 4035 §3.2.3',
    fix: step('Let VIGIA_DNS_SERVERS name resolvers that validate, best on this machine.'),
  },
} satisfies Record<string, Reason>

export type DnssecReason = keyof typeof dnssecReasons
