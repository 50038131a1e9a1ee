import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const publishPtr: NonNullable<Reason['fix']> = (verdict, target) => ({
  summary: 'Have the provider of the address publish its name, and publish the address at that name.',
  record: {
    name: String(verdict.params.reverse ?? ''),
    type: 'PTR',
    value: `${String(verdict.params.helo ?? '') || (target.mailHost?.mx[0] ?? 'the name of the mail host')}.`,
    found: verdict.params.name ? [String(verdict.params.name)] : [],
  },
  steps: [],
})

/** How the verdicts of `fcrdns` are told. */
export const fcrdnsReasons = {
  ok: {
    message: (p) => `Every sending address has a name that leads back to it: ${listed(p.addresses)}.`,
    rule: 'RFC 1912 §2.1',
  },
  'no-addresses': {
    message: () => 'No sending address is set for the mail host.',
    rule: null,
    fix: step('Set the sending addresses of the mail host.'),
  },
  'no-ptr': {
    message: (p) => `There is no name (PTR) for ${p.address}, and many receivers refuse mail from such an address.`,
    rule: 'RFC 1912 §2.1',
    fix: publishPtr,
    cause: 'mail-host',
  },
  'not-confirmed': {
    message: (p) => `The name of ${p.address}, ${p.name}, does not lead back to the address.`,
    rule: 'RFC 1912 §2.1',
    fix: step('Publish the address at that name, or have the PTR record name the mail host.'),
    cause: 'mail-host',
  },
  'several-names': {
    message: (p) => `There are several names (PTR) at ${p.address}: ${listed(p.names)}; receivers see any one of them.`,
    rule: 'RFC 1912 §2.1',
    fix: step('Keep the one name that the server uses in SMTP.'),
    cause: 'mail-host',
  },
  'generic-name': {
    message: (p) => `The name of ${p.address}, ${p.name}, looks like that of a home line; many receivers refuse such senders.`,
    rule: null,
    fix: publishPtr,
    cause: 'mail-host',
  },
  'helo-differs': {
    message: (p) => `The server at ${p.address} calls itself ${p.helo}, but the name of its address is ${p.name}.`,
    rule: 'RFC 5321 §4.1.4',
    fix: publishPtr,
    cause: 'mail-host',
  },
  'not-sending-ok': { message: (p) => `Nothing is sent from ${p.domain}, so no address needs a name.`, rule: null },
} satisfies Record<string, Reason>

export type FcrdnsReason = keyof typeof fcrdnsReasons
