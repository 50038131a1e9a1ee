import { Packet, type Resource } from 'dns2'

const ZONE_TYPES = ['A', 'AAAA', 'MX', 'TXT', 'CNAME', 'NS', 'SOA', 'PTR', 'CAA', 'SRV'] as const
export type ZoneType = (typeof ZONE_TYPES)[number]

const TYPE_BY_CODE = new Map(ZONE_TYPES.map((type) => [Packet.TYPE[type] as number, type]))

/** The type of a question when the world can hold it. */
export const zoneType = (code: number): ZoneType | undefined => TYPE_BY_CODE.get(code)

/** One record in presentation form, as a zone file has it. */
export interface ZoneRecord {
  /** Lower-case, without the trailing dot. */
  name: string
  type: ZoneType
  /** Seconds. */
  ttl: number
  /** TXT: the whole text without quotes; it is cut into strings of 255 octets on the wire. */
  value: string
}

const name = (text: string) => text.replace(/\.$/, '')

/** RFC 1035 §3.3.14: a text longer than 255 octets travels as several strings. */
function characterStrings(text: string): Buffer[] {
  const octets = Buffer.from(text, 'utf8')
  const strings = [octets.subarray(0, 255)]
  for (let at = 255; at < octets.length; at += 255) strings.push(octets.subarray(at, at + 255))
  return strings
}

const RDATA: Record<ZoneType, (value: string) => object> = {
  A: (value) => ({ address: value }),
  AAAA: (value) => ({ address: value }),
  CNAME: (value) => ({ domain: name(value) }),
  PTR: (value) => ({ domain: name(value) }),
  NS: (value) => ({ ns: name(value) }),
  TXT: (value) => ({ data: characterStrings(value) }),
  MX: (value) => {
    const [priority, exchange] = value.split(' ') as [string, string]
    return { priority: Number(priority), exchange: name(exchange) }
  },
  CAA: (value) => {
    const [flags, tag, text] = value.split(' ') as [string, string, string]
    return { flags: Number(flags), tag, value: text.replaceAll('"', '') }
  },
  SRV: (value) => {
    const [priority, weight, port, target] = value.split(' ') as [string, string, string, string]
    return { priority: Number(priority), weight: Number(weight), port: Number(port), target: name(target) }
  },
  SOA: (value) => {
    const [primary, admin, ...numbers] = value.split(' ') as [string, string, ...string[]]
    const [serial, refresh, retry, expiration, minimum] = numbers.map(Number)
    return { primary: name(primary), admin: name(admin), serial, refresh, retry, expiration, minimum }
  },
}

/** The record as dns2 encodes it. */
export function toResource(record: ZoneRecord): Resource {
  const base = { name: record.name, type: Packet.TYPE[record.type], class: Packet.CLASS.IN, ttl: record.ttl }
  return Object.assign(new Packet.Resource(base), RDATA[record.type](record.value))
}
