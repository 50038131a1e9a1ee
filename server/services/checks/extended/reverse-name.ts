import ipaddr from 'ipaddr.js'

/**
 * The labels under which an address is filed backwards, without a zone: by octets (RFC 1035 §3.5) or by nibbles (RFC 3596 §2.5).
 * Reverse mapping and block lists (RFC 5782 §2) share them.
 */
export function reverseLabels(address: string): string {
  const parsed = ipaddr.parse(address)
  const bytes = parsed.toByteArray()
  if (parsed.kind() === 'ipv4') return bytes.reverse().join('.')
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 15])
  return nibbles
    .reverse()
    .map((nibble) => nibble.toString(16))
    .join('.')
}

/** Where the PTR records of an address are. */
export function reverseName(address: string): string {
  return `${reverseLabels(address)}.${address.includes(':') ? 'ip6' : 'in-addr'}.arpa`
}
