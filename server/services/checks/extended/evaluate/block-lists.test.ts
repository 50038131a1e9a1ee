import { describe, expect, it } from 'vitest'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { MAIL_HOST } from '../../../../../tests/helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { blockLists } from '../block-lists'
import type { ExtendedTarget } from '../contract'
import { blockListsReasons } from '../reasons/block-lists'
import { reverseLabels } from '../reverse-name'

const [ONE, TWO] = ['zen.example', 'bl.example']
const listOf = (zone: string): Zone => ({ [`A 2.0.0.127.${zone}`]: ['127.0.0.2'] })
const WELL: Zone = { ...listOf(ONE), ...listOf(TWO) }
const says = (zone: string, address: string, values: Zone[string]): Zone => ({ [`A ${reverseLabels(address)}.${zone}`]: values })
const [V4, V6] = ['192.0.2.25', '2001:db8::25']
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

describe('block_lists', () => {
  it.each(CASES)('%s', async (_, zone, status, reason, target = extendedTargetOf(), lists = [ONE, TWO]) => {
    expect(await verdictIn(blockLists, zoneWorld(zone, { blockLists: () => Promise.resolve(lists) }), target)).toMatchObject({
      status,
      reason,
    })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(blockListsReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('never takes an error code for a listing, whatever else stands there', async () => {
    for (const code of ['127.255.255.252', '127.255.255.254', '127.255.255.255']) {
      const world = zoneWorld({ ...WELL, ...says(ONE, V4, [code, '127.0.0.2']) }, { blockLists: () => Promise.resolve([ONE]) })
      expect(await verdictIn(blockLists, world)).toMatchObject({ status: 'unknown', reason: 'list-refuses', params: { code } })
    }
  })
})
