import type { DnsOutcome, ZoneLook } from '#server/platform/dns/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { delegation } from '#server/services/checks/extended/delegation'
import type { DelegationReason } from '#server/services/checks/extended/reasons/delegation'
import { withNearMisses } from '../contract'

const ZONE: Zone = {
  'NS example.org': ['ns1.example.net', 'ns2.example.net'],
  'A ns1.example.net': ['192.0.2.1'],
  'A ns2.example.net': ['192.0.2.2'],
}
const SOA = (serial: number) => `ns1.example.net hostmaster.example.net ${serial} 1 1 1 1`
const said = (host: string, outcome: DnsOutcome, serial = 7, address = '192.0.2.1') => ({
  ...{ host: `${host}.example.net`, address, outcome, soa: outcome === 'answer' ? SOA(serial) : null },
})
const look = (replies: ZoneLook['replies'], hosts: string[] | null = ['ns1.example.net', 'ns2.example.net']): ZoneLook => ({
  ...{ zone: 'example.org', replies, leftOut: 0, verdict: 'well', parent: { parent: 'org', hosts } },
})
const BOTH = [said('ns1', 'answer'), said('ns2', 'answer')]

const CASES: [string, Zone, ZoneLook, ExtendedStatus, string][] = [
  ['two servers that agree', ZONE, look(BOTH), 'pass', 'ok'],
  ['a parent that could not be asked', ZONE, look(BOTH, null), 'pass', 'ok'],
  [
    'a server that cannot be reached over IPv6 from here',
    ZONE,
    look([...BOTH, said('ns2', 'network', 7, '2001:db8::2')]),
    'pass',
    'ok',
  ],
  ['a name within another zone', { 'NS example.org': 'nodata' }, look(BOTH), 'skipped', 'not-a-zone'],
  ['a server without an address', { ...ZONE, 'A ns2.example.net': 'nxdomain' }, look(BOTH), 'warn', 'server-unresolved'],
  [
    'a server whose address is not known',
    { ...ZONE, 'A ns2.example.net': 'servfail' },
    look([said('ns1', 'answer')]),
    'pass',
    'ok',
  ],
  ['silence all around', ZONE, look([said('ns1', 'timeout'), said('ns2', 'timeout')]), 'unknown', 'nobody-answered'],
  ['a server that refuses', ZONE, look([said('ns1', 'answer'), said('ns2', 'refused')]), 'warn', 'lame'],
  ['a server that is silent', ZONE, look([said('ns1', 'answer'), said('ns2', 'timeout')]), 'warn', 'silent'],
  ['a parent that names another server', ZONE, look(BOTH, ['ns1.example.net', 'old.example.net']), 'warn', 'parent-differs'],
  ['a parent that names fewer', ZONE, look(BOTH, ['ns1.example.net']), 'warn', 'parent-differs'],
  ['a server that lags behind', ZONE, look([said('ns1', 'answer', 8), said('ns2', 'answer', 7)]), 'warn', 'serials-differ'],
  [
    'one server',
    { ...ZONE, 'NS example.org': ['ns1.example.net'] },
    look([said('ns1', 'answer')], ['ns1.example.net']),
    'warn',
    'single-server',
  ],
  ['a resolver in trouble', { 'NS example.org': 'timeout' }, look(BOTH), 'unknown', 'dns-timeout'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<DelegationReason, string> = {
  ok: 'one server',
  'not-a-zone': 'two servers that agree',
  'server-unresolved': 'a server whose address is not known',
  'nobody-answered': 'a server that is silent',
  lame: 'a server that is silent',
  silent: 'a server that cannot be reached over IPv6 from here',
  'parent-differs': 'a parent that could not be asked',
  'serials-differ': 'two servers that agree',
  'single-server': 'a parent that names fewer',
}

/** Every reason of `delegation`. */
export const delegationTable = withNearMisses(
  CASES.map(([it, zone, seen, status, reason]) => ({
    ...{ it, status, reason, target: extendedTargetOf() },
    verdict: () => {
      const world = zoneWorld(zone)
      return verdictIn(delegation, { ...world, dns: { ...world.dns, zone: () => Promise.resolve(seen) } })
    },
  })),
  NEAR,
)
