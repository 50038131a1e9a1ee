import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

/** How the verdicts of `block_lists` are told. */
export const blockListsReasons = {
  ok: { message: (p) => `No sending address stands on ${listed(p.lists)}.`, rule: 'RFC 5782 §2.1' },
  listed: {
    message: (p) => `The sending address ${p.address} stands on ${p.list} (${listed(p.codes)}).`,
    rule: 'RFC 5782 §2.1',
    fix: step(
      'Find out why, mend that, then ask the list to take the address off.',
      'The site of the list says what the code means; the mail log says who sent what.',
    ),
    cause: 'mail-host',
  },
  'list-refuses': {
    message: (p) => `The list ${p.list} does not answer this resolver (${p.code}); that says nothing about the addresses.`,
    rule: null,
    fix: step(
      'Ask through a resolver of your own, or with a key of the list.',
      '127.255.255.252: the name was mistyped. 254: a public resolver asked. 255: too many questions.',
    ),
  },
  'list-lists-all': {
    message: (p) => `The list ${p.list} says yes to everything: it is dead, or its zone is somebody else's now.`,
    rule: 'RFC 5782 §5',
    fix: step('Take the list out of the settings.'),
  },
  'list-dead': {
    message: (p) => `The list ${p.list} does not have the address that every list has for tests: it is empty or dead.`,
    rule: 'RFC 5782 §5',
    fix: step('Take the list out of the settings.'),
  },
  'no-lists': {
    message: () => 'No block list is set.',
    rule: null,
    fix: step('Name the lists in the settings, or switch this check off.'),
  },
  'no-addresses': {
    message: () => 'No sending address is set for the mail host.',
    rule: null,
    fix: step('Set the sending addresses of the mail host.'),
  },
  'not-sending-ok': { message: (p) => `Nothing is sent from ${p.domain}, so no address is looked up.`, rule: null },
} satisfies Record<string, Reason>

export type BlockListsReason = keyof typeof blockListsReasons
