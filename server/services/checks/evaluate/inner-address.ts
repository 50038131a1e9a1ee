import ipaddr from 'ipaddr.js'

/** Ranges that nobody outside can reach. Documentation addresses are not among them: nothing is there, but nothing is hidden either. */
const INNER_RANGES = new Set([
  'private',
  'loopback',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
  'unspecified',
  'broadcast',
  'multicast',
])

/** Whether an address only means something inside a network (RFC 1918, RFC 4193, RFC 6598 and their like). */
export function isInnerAddress(address: string): boolean {
  return ipaddr.isValid(address) && INNER_RANGES.has(ipaddr.process(address).range())
}
