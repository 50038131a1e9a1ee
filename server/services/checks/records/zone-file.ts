/** Octets of one character-string (RFC 1035 §3.3). */
const STRING_MAX = 255
const TTL_SEC = 3600

/**
 * A master file (RFC 1035 §5) of record sets. Names inside the domain are relative to its origin, all others absolute.
 * @param remarks comments for its head, a line each
 */
export function zoneFile(
  domain: string,
  sets: readonly { name: string; type: string; wanted: string[] }[],
  remarks: string[],
): string {
  const owner = (name: string) =>
    name === domain ? '@' : name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : `${name}.`
  const lines = sets.flatMap(({ name, type, wanted }) => wanted.map((value) => `${owner(name)} IN ${type} ${rdata(type, value)}`))
  return [
    ...remarks.map((remark) => `; ${remark.replace(/[\r\n]+/g, ' ')}`),
    `$ORIGIN ${domain}.`,
    `$TTL ${TTL_SEC}`,
    ...lines,
    '',
  ].join('\n')
}

const rdata = (type: string, value: string) => (type === 'TXT' ? characterStrings(value) : value)

/** Quoted strings of 255 octets at most; quotes and backslashes are escaped, whatever is not printable ASCII as \DDD (RFC 1035 §5.1). */
export function characterStrings(text: string): string {
  const octets = Buffer.from(text, 'utf8')
  const strings: string[] = []
  for (let at = 0; at < octets.length || at === 0; at += STRING_MAX)
    strings.push(`"${[...octets.subarray(at, at + STRING_MAX)].map(escaped).join('')}"`)
  return strings.join(' ')
}

function escaped(octet: number): string {
  if (octet < 0x20 || octet > 0x7e) return `\\${String(octet).padStart(3, '0')}`
  const sign = String.fromCharCode(octet)
  return sign === '"' || sign === '\\' ? `\\${sign}` : sign
}
