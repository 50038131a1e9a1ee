import { describe, expect, it } from 'vitest'
import { isAllowedAddress, isPublicAddress, parseNetworks } from './address-guard'

const PUBLIC = [
  '1.1.1.1',
  '93.184.216.34',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
]

const LINK_LOCAL_AND_SUCH = [
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '169.254.0.1',
    '224.0.0.1',
    '239.255.255.255',
    '255.255.255.255',
    '::',
    'fe80::1',
    'ff02::1',
  ],
  ...['168.63.129.16', '100.100.100.200', 'fd00:ec2::254'],
  ...[
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2002:808:808::1',
  ],
  ...['::127.0.0.1', '::ffff:0:127.0.0.1', '2001:0:4136:e378::1'],
]

const INNER = [
  ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255'],
  ...[
    '198.18.0.1',
    '198.19.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '192.88.99.1',
    '240.0.0.1',
    '192.175.48.1',
  ],
  ...[
    '::1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    '2001:db8::1',
    '3fff::1',
    '2001:2::1',
    '100::1',
    '5f00::1',
    '4000::1',
    '2001:10::1',
  ],
]

const NO_LITERAL = [
  ...[
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    '1.2.3',
    ' 1.1.1.1',
    '[::1]',
    'fe80::1%eth0',
    '1.1.1.1/32',
  ],
]

describe('the address guard', () => {
  it.each(PUBLIC)('takes %s for public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
    expect(isAllowedAddress(address)).toBe(true)
  })

  it.each([...LINK_LOCAL_AND_SUCH, ...INNER, ...NO_LITERAL])('takes %j for not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
    expect(isAllowedAddress(address)).toBe(false)
  })

  it.each(INNER)('lets a mail host have %s as its own', (address) => {
    expect(isAllowedAddress(address, { own: [address] })).toBe(true)
    expect(isAllowedAddress(address, { own: ['10.99.99.99', 'fd99::99'] })).toBe(false)
  })

  it.each([...LINK_LOCAL_AND_SUCH, ...NO_LITERAL])('lets no mail host have %j as its own', (address) => {
    expect(isAllowedAddress(address, { own: [address] })).toBe(false)
  })

  it('compares own addresses by value', () => {
    expect(isAllowedAddress('fd00:0:0::1', { own: ['FD00::0001'] })).toBe(true)
    expect(isAllowedAddress('10.0.0.1', { own: ['::ffff:10.0.0.1'] })).toBe(false)
  })

  it('lets the operator open networks, each in its own family', () => {
    const allowNets = parseNetworks(['10.1.0.0/16', 'fd00::/64', '192.168.7.7', '169.254.169.0/24'])
    expect(
      ['10.1.255.255', 'fd00::9', '192.168.7.7', '169.254.169.254'].map((address) => isAllowedAddress(address, { allowNets })),
    ).toEqual([...[true, true, true, true]])
    expect(
      ['10.2.0.1', 'fd00:0:0:1::1', '192.168.7.8', '::ffff:10.1.0.1', '64:ff9b::a01:1'].map((address) =>
        isAllowedAddress(address, { allowNets }),
      ),
    ).toEqual([false, false, false, false, false])
  })

  it.each(['', 'example.org/8', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', '10/8', '10.0.0.0/1e1'])(
    'refuses %j as a network and names it',
    (cidr) => {
      expect(() => parseNetworks([cidr])).toThrow(`Not a network: ${cidr}`)
    },
  )
})
