import { describe, expect, it } from 'vitest'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { MAIL_HOST } from '../../../../../tests/helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailLookOf, mailWorld } from '../../../../../tests/helpers/mail-facts'
import { fcrdns } from '../fcrdns'
import { fcrdnsReasons } from '../reasons/fcrdns'
import { reverseName } from '../reverse-name'
import { isGenericName } from './fcrdns'

const [V4, V6] = ['192.0.2.25', '2001:db8::25']
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

describe('fcrdns', () => {
  it.each(CASES)('%s', async (_, zone, status, reason, target = extendedTargetOf(), helo = undefined) => {
    const mail = mailWorld(() => mailLookOf({ name: helo ?? null }))
    expect(await verdictIn(fcrdns, zoneWorld(zone, { mail }), target)).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(fcrdnsReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('speaks SMTP only with addresses that take mail', async () => {
    const elsewhere = { 'A mx1.example.net': ['192.0.2.99'], 'AAAA mx1.example.net': 'nodata' } satisfies Zone
    const out = { [`PTR ${reverseName(V4)}`]: ['out.example.net'], 'A out.example.net': [V4] }
    const mail = mailWorld(() => mailLookOf({ name: 'localhost' }))
    const target = extendedTargetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: [V4] } })
    expect(await verdictIn(fcrdns, zoneWorld({ ...elsewhere, ...out }, { mail }), target)).toMatchObject({ status: 'pass' })
    expect(mail.looks).toEqual([])
  })

  it.each([
    ['25.2.0.192.dynamic.isp.example', V4, true],
    ['host-025.002.000.192.isp.example', V4, true],
    ['c0000219.isp.example', V4, true],
    ['adsl-7.isp.example', V4, true],
    ['mail25.example.net', V4, false],
    ['dynamo.example.net', V4, false],
    ['mx-192-0-2-250.example.net', V4, false],
    ['20010db8000000000000000000000025.v6.isp.example', V6, true],
    ['mx1.example.net', V6, false],
  ])('%s at %s is generic: %s', (name, address, generic) => {
    expect(isGenericName(name, address)).toBe(generic)
  })
})
