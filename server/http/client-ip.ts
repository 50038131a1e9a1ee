import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Who really called (P16): the forwarded chain is walked from the right, beginning with the socket's peer, past every trusted proxy;
 * the first address that is not trusted is the client. The header counts for nothing when the peer is not trusted, and an entry that
 * is no address ends the walk at the proxy that reported it.
 * @param trustedProxies networks such as `10.1.0.0/16`
 * @returns the address in its shortest form (IPv4-mapped IPv6 as IPv4), undefined when the peer is unknown
 */
export function clientIp(
  peer: string | undefined,
  forwardedFor: string | string[] | undefined,
  trustedProxies: readonly string[],
): string | undefined {
  let client = addressOf(peer ?? '')
  const hops = [forwardedFor ?? []].flat().join(',').split(',')
  while (client && hops.length > 0 && isTrusted(client, trustedProxies)) {
    const next = addressOf(hops.pop()!)
    if (!next) break
    client = next
  }
  return client?.toString()
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`. */
function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.+)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return isIP(bare) ? ipaddr.process(bare) : undefined
}

function isTrusted(address: ipaddr.IPv4 | ipaddr.IPv6, networks: readonly string[]): boolean {
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network)
    return base.kind() === address.kind() && address.match(base, bits)
  })
}
