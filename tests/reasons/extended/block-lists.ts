import type { ExtendedStatus } from '#shared/schemas/extended'
import { MAIL_HOST } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { blockLists } from '#server/services/checks/extended/block-lists'
import type { ExtendedTarget } from '#server/services/checks/extended/contract'
import type { BlockListsReason } from '#server/services/checks/extended/reasons/block-lists'
import { reverseLabels } from '#server/services/checks/extended/reverse-name'
import { withNearMisses } from '../contract'

export const [ONE, TWO] = ['zen.example', 'bl.example']
const listOf = (zone: string): Zone => ({ [`A 2.0.0.127.${zone}`]: ['127.0.0.2'] })
export const WELL: Zone = { ...listOf(ONE), ...listOf(TWO) }
export const says = (zone: string, address: string, values: Zone[string]): Zone => ({
  [`A ${reverseLabels(address)}.${zone}`]: values,
})
export const [V4, V6] = ['192.0.2.25', '2001:db8::25']
const noAddresses = extendedTargetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: [] } })

const CASES: [string, Zone, ExtendedStatus, string, ExtendedTarget?, string[]?][] = [
  ['on no list', WELL, 'pass', 'ok'],
  ['IPv4 listed', { ...WELL, ...says(TWO, V4, ['127.0.0.4']) }, 'fail', 'listed'],
  ['IPv6 listed', { ...WELL, ...says(ONE, V6, ['127.0.0.3']) }, 'fail', 'listed'],
  ['a neighbour listed', { ...WELL, ...says(ONE, '192.0.2.26', ['127.0.0.4']) }, 'pass', 'ok'],
  ['a mistyped zone', { ...WELL, ...says(ONE, V4, ['127.255.255.252']) }, 'unknown', 'list-refuses'],
  ['a public resolver', { ...WELL, ...says(ONE, V4, ['127.255.255.254']) }, 'unknown', 'list-refuses'],
  ['too many questions', { ...WELL, ...says(ONE, '127.0.0.2', ['127.255.255.255']) }, 'unknown', 'list-refuses'],
  [
    'refused by one, listed by the other',
    { ...WELL, ...says(ONE, V4, ['127.255.255.254']), ...says(TWO, V4, ['127.0.0.4']) },
    'fail',
    'listed',
  ],
  [
    'a list that lists all',
    { ...WELL, ...says(ONE, '127.0.0.1', ['127.0.0.2']), ...says(ONE, V4, ['127.0.0.2']) },
    'warn',
    'list-lists-all',
  ],
  ['a zone that was sold', { ...WELL, ...says(ONE, V4, ['198.51.100.7']) }, 'warn', 'list-lists-all'],
  ['a list without its test address', { ...listOf(TWO), ...says(ONE, V4, ['127.0.0.2']) }, 'warn', 'list-dead'],
  [
    'a resolver in trouble at the test',
    { ...WELL, ...says(ONE, '127.0.0.2', 'servfail'), ...says(ONE, V4, ['127.0.0.4']) },
    'unknown',
    'dns-servfail',
  ],
  ['a time-out for our address', { ...WELL, ...says(ONE, V6, 'timeout') }, 'unknown', 'dns-timeout'],
  ['no lists', WELL, 'skipped', 'no-lists', extendedTargetOf(), []],
  ['no address set', WELL, 'info', 'no-addresses', noAddresses],
  ['a domain that sends nothing', WELL, 'pass', 'not-sending-ok', extendedTargetOf({ sends: false })],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<BlockListsReason, string> = {
  ok: 'IPv4 listed',
  listed: 'a neighbour listed',
  'list-refuses': 'refused by one, listed by the other',
  'list-lists-all': 'IPv4 listed',
  'list-dead': 'a resolver in trouble at the test',
  'no-lists': 'on no list',
  'no-addresses': 'on no list',
  'not-sending-ok': 'on no list',
}

/** Every reason of `block_lists`. */
export const blockListsTable = withNearMisses(
  CASES.map(([it, zone, status, reason, target = extendedTargetOf(), lists = [ONE, TWO]]) => ({
    ...{ it, status, reason, target },
    verdict: () => verdictIn(blockLists, zoneWorld(zone, { blockLists: () => Promise.resolve(lists) }), target),
  })),
  NEAR,
)
