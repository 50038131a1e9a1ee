import type { ExtendedStatus } from '#shared/schemas/extended'
import { MAIL_HOST } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { mailLookOf, mailWorld } from '../../helpers/mail-facts'
import { fcrdns } from '#server/services/checks/extended/fcrdns'
import type { FcrdnsReason } from '#server/services/checks/extended/reasons/fcrdns'
import { reverseName } from '#server/services/checks/extended/reverse-name'
import { withNearMisses } from '../contract'

export const [V4, V6] = ['192.0.2.25', '2001:db8::25']
const NAME = 'mx1.example.net'
const ZONE: Zone = {
  [`PTR ${reverseName(V4)}`]: [NAME],
  [`PTR ${reverseName(V6)}`]: [NAME],
  [`A ${NAME}`]: [V4],
  [`AAAA ${NAME}`]: [V6],
}
const but = (changes: Zone): Zone => ({ ...ZONE, ...changes })
const ptr4 = (names: string[]) => ({ [`PTR ${reverseName(V4)}`]: names })
const noAddresses = extendedTargetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: [] } })

const CASES: [string, Zone, ExtendedStatus, string, Parameters<typeof fcrdns.evaluate>[1]?, string?][] = [
  ['both families lead back', ZONE, 'pass', 'ok'],
  ['the server calls itself so', ZONE, 'pass', 'ok', extendedTargetOf(), 'MX1.example.net'],
  ['IPv6 written otherwise', but({ [`AAAA ${NAME}`]: ['2001:0db8:0:0::25'] }), 'pass', 'ok'],
  ['a number that is not the address', but({ ...ptr4(['mx192.example.net']), 'A mx192.example.net': [V4] }), 'pass', 'ok'],
  ['no name for IPv4', but({ [`PTR ${reverseName(V4)}`]: 'nxdomain' }), 'fail', 'no-ptr'],
  ['no name for IPv6', but({ [`PTR ${reverseName(V6)}`]: 'nodata' }), 'fail', 'no-ptr'],
  ['a name with another address', but({ [`A ${NAME}`]: ['192.0.2.26'] }), 'fail', 'not-confirmed'],
  ['a name with the address among others', but({ [`A ${NAME}`]: ['192.0.2.26', V4] }), 'pass', 'ok'],
  ['two names', but(ptr4([NAME, 'other.example.net'])), 'warn', 'several-names'],
  ['a generic name', but({ ...ptr4(['192-0-2-25.isp.example']), 'A 192-0-2-25.isp.example': [V4] }), 'warn', 'generic-name'],
  ['another name in SMTP', ZONE, 'warn', 'helo-differs', extendedTargetOf(), 'localhost'],
  ['no address set', ZONE, 'info', 'no-addresses', noAddresses],
  ['a domain that sends nothing', {}, 'pass', 'not-sending-ok', extendedTargetOf({ sends: false })],
  ['a resolver in trouble', but({ [`PTR ${reverseName(V4)}`]: 'servfail' }), 'unknown', 'dns-servfail'],
  ['a time-out on the way back', but({ [`AAAA ${NAME}`]: 'timeout' }), 'unknown', 'dns-timeout'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<FcrdnsReason, string> = {
  ok: 'a generic name',
  'no-addresses': 'both families lead back',
  'no-ptr': 'a resolver in trouble',
  'not-confirmed': 'a name with the address among others',
  'several-names': 'both families lead back',
  'generic-name': 'a number that is not the address',
  'helo-differs': 'the server calls itself so',
  'not-sending-ok': 'both families lead back',
}

/** Every reason of `fcrdns`. */
export const fcrdnsTable = withNearMisses(
  CASES.map(([it, zone, status, reason, target = extendedTargetOf(), helo]) => ({
    ...{ it, status, reason, target },
    verdict: () => {
      const mail = mailWorld(() => mailLookOf({ name: helo ?? null }))
      return verdictIn(fcrdns, zoneWorld(zone, { mail }), target)
    },
  })),
  NEAR,
)
