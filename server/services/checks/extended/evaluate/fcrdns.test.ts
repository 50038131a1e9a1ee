import { describe, expect, it } from 'vitest'
import { MAIL_HOST } from '../../../../../tests/helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailLookOf, mailWorld } from '../../../../../tests/helpers/mail-facts'
import { V4, V6 } from '../../../../../tests/reasons/extended/fcrdns'
import { fcrdns } from '../fcrdns'
import { reverseName } from '../reverse-name'
import { isGenericName } from './fcrdns'

describe('fcrdns', () => {
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
