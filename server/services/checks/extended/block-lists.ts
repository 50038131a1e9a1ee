import { defineExtended, type ExtendedWorld } from './contract'
import { evaluateBlockLists, TEST_ADDRESSES, type BlockListsObservation, type ListLook } from './evaluate/block-lists'
import { DAY_SEC } from './look'
import { reverseLabels } from './reverse-name'

const MAX_SENDERS = 10

/** Whether receivers that ask block lists would refuse mail from the sending addresses. */
export const blockLists = defineExtended<BlockListsObservation>({
  id: 'block_lists',
  intervalSec: DAY_SEC,
  subject: 'host-shared',
  needsMailHost: true,
  about:
    'Whether the sending addresses of the mail host stand on block lists (RFC 5782). Needs a resolver of your own: the lists refuse public ones.',
  thirdParty: 'The operators of the lists learn the sending addresses of your mail hosts.',
  async collect(world, target) {
    const senders = target.sends ? (target.mailHost?.sendingAddresses ?? []).slice(0, MAX_SENDERS) : []
    const lists = senders.length > 0 ? await world.blockLists() : []
    return { lists: await Promise.all(lists.map((zone) => lookAtList(world, zone, senders))) }
  },
  evaluate: evaluateBlockLists,
})

/** Shared by all domains of all hosts, so not under the signal of whoever asks first. */
async function lookAtList(world: ExtendedWorld, zone: string, senders: string[]): Promise<ListLook> {
  const ask = (address: string) =>
    world.shared(`list ${zone} ${address}`, () => world.dns.query(`${reverseLabels(address)}.${zone}`, 'A'))
  const [listed, unlisted] = await Promise.all([ask(TEST_ADDRESSES.listed), ask(TEST_ADDRESSES.unlisted)])
  return {
    zone,
    listed,
    unlisted,
    senders: await Promise.all(senders.map(async (address) => ({ address, answer: await ask(address) }))),
  }
}
