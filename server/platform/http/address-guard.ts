// Which addresses checks may connect to. Tenants choose host names, so an answer may point into our own network; the address is
// judged where the connection is made, on the literal that is used.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
export type Network = [Address, number]

const network = (cidr: string): Network => ipaddr.parseCIDR(cidr)
const inAny = (address: Address, networks: readonly Network[]) =>
  networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))

/** The only IPv6 space that IANA hands out (RFC 4291 §2.4); what lies outside is refused even where no registry names it yet. */
const GLOBAL_UNICAST_V6 = [network('2000::/3')]

/** Cloud metadata services outside the link-local range. They hand out credentials. */
const METADATA = ['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'].map(network)

/** Ranges that no mail host can be at, whatever its settings say. */
const NEVER_A_HOST = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast'])

/** Other spellings of an IPv4 address. They would slip past a rule about that address, and nobody needs to connect by them. */
const TRANSLATED = [
  network('::ffff:0:0/96'), // RFC 4291 §2.5.5.2, mapped
  network('::/96'), // RFC 4291 §2.5.5.1, compatible; holds ::1 as well
  network('::ffff:0:0:0/96'), // RFC 2765, translated
  network('64:ff9b::/96'), // RFC 6052
  network('64:ff9b:1::/48'), // RFC 8215
  network('2002::/16'), // RFC 3056, 6to4
  network('2001::/32'), // RFC 4380, Teredo
]

export interface AllowedAddresses {
  /** The mail host's own inner addresses. */
  own?: readonly string[]
  /** Networks that the operator allows (VIGIA_ALLOW_NETS). */
  allowNets?: readonly Network[]
}

/** Null unless the text is a plain IP literal: `ipaddr.js` alone would also take `0x7f.1` and `127.1`. */
function parseLiteral(text: string): Address | null {
  const version = isIP(text)
  if (version === 4) return ipaddr.IPv4.parse(text)
  return version === 0 || text.includes('%') ? null : ipaddr.IPv6.parse(text)
}

/**
 * Reads networks in CIDR notation; a bare address stands for itself alone.
 * @throws TypeError that names the bad entry.
 */
export function parseNetworks(cidrs: readonly string[]): Network[] {
  return cidrs.map((cidr) => {
    const [literal = '', bits] = cidr.split('/')
    const address = parseLiteral(literal)
    const width = address?.kind() === 'ipv6' ? 128 : 32
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN
    if (!address || !(prefix <= width) || cidr.split('/').length > 2) throw new TypeError(`Not a network: ${cidr}`)
    return [address, prefix]
  })
}

/** True for public unicast addresses only: not inner, reserved, documentation, benchmarking, translated or metadata ones. */
export function isPublicAddress(text: string): boolean {
  const address = parseLiteral(text)
  return address !== null && isPublic(address)
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || inAny(address, METADATA)) return false
  return address.kind() === 'ipv4' || inAny(address, GLOBAL_UNICAST_V6)
}

/** True when checks may connect to the address: public, in a network that the operator allows, or the mail host's own. */
export function isAllowedAddress(text: string, { own = [], allowNets = [] }: AllowedAddresses = {}): boolean {
  const address = parseLiteral(text)
  if (!address) return false
  if (inAny(address, allowNets) || isPublic(address)) return true
  // Settings of a mail host are typed in by people who may be less trusted than whoever sets the environment.
  const isLoopback = address.range() === 'loopback'
  if (NEVER_A_HOST.has(address.range()) || inAny(address, METADATA) || (inAny(address, TRANSLATED) && !isLoopback)) return false
  return own.some((other) => parseLiteral(other)?.toNormalizedString() === address.toNormalizedString())
}
