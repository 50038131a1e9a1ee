import { expect, it } from 'vitest'
import { clientIp } from './client-ip'

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48']

it.each([
  ['no header: the peer', '203.0.113.7', undefined, '203.0.113.7'],
  ['an untrusted peer: its header counts for nothing', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a trusted peer: the entry that it added', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['a spoofed leftmost entry', '10.0.0.1', '1.2.3.4, 203.0.113.7', '203.0.113.7'],
  ['a spoofed entry that names a trusted proxy', '10.0.0.1', '1.2.3.4, 10.0.0.9, 203.0.113.7', '203.0.113.7'],
  ['a chain of trusted proxies', '10.0.0.1', '203.0.113.7, 10.0.0.3, 10.0.0.2', '203.0.113.7'],
  ['everything trusted: the leftmost', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['several headers count as one chain', '10.0.0.1', ['1.2.3.4', '203.0.113.7, 10.0.0.2'], '203.0.113.7'],
  ['IPv6 peer and entry', '2001:db8:1::1', '2001:DB8:2:0::7', '2001:db8:2::7'],
  ['an IPv4-mapped peer is its IPv4 self', '::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['an IPv4-mapped entry', '10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
  ['a port behind IPv4', '10.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
  ['a port behind IPv6', '10.0.0.1', '[2001:db8:2::7]:4711', '2001:db8:2::7'],
  ['brackets without a port', '10.0.0.1', '[2001:db8:2::7]', '2001:db8:2::7'],
  ['garbage: the proxy that reported it', '10.0.0.1', '203.0.113.7, unknown, 10.0.0.2', '10.0.0.2'],
  ['a short form that is no address', '10.0.0.1', '127.1', '10.0.0.1'],
  ['an empty header', '10.0.0.1', '', '10.0.0.1'],
  ['a mapped address in another network does not match an IPv6 net', '10.0.0.1', '::ffff:10.0.0.2', '10.0.0.2'],
  ['no peer at all', undefined, '203.0.113.7', undefined],
])('finds the client behind %s', (_, peer, forwardedFor, expected) => {
  expect(clientIp(peer, forwardedFor, PROXIES)).toBe(expected)
})

it('trusts nobody when no proxy is named', () => {
  expect(clientIp('127.0.0.1', '203.0.113.7', [])).toBe('127.0.0.1')
})
