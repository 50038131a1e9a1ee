import { Packet } from 'dns2'
import { typeName, type RawRecord } from './message'
import { asText } from './text'
import type { DnsRecord, RecordType } from './types'
import { MalformedMessage, WireReader } from './wire'

type RecordData = Pick<DnsRecord, 'value' | 'exchange' | 'preference' | 'strings' | 'expiresAt'>
type Reader = (reader: WireReader, length: number) => RecordData

const nameOnly: Reader = (reader) => ({ value: reader.name() })

const readers: Record<RecordType, Reader> = {
  A: (reader) => ({ value: [...reader.bytes(4)].join('.') }),
  AAAA: (reader) => ({ value: Packet.toIPv6(Array.from({ length: 8 }, () => reader.u16())) }),
  NS: nameOnly,
  CNAME: nameOnly,
  PTR: nameOnly,
  MX(reader) {
    const preference = reader.u16()
    const exchange = reader.name()
    return { value: `${preference} ${exchange}`, preference, exchange }
  },
  TXT(reader, length) {
    const end = reader.offset + length
    const strings: Buffer[] = []
    while (reader.offset < end) strings.push(reader.bytes(reader.u8()))
    // Joined as octets first: a UTF-8 character may straddle two strings.
    return { value: asText(Buffer.concat(strings)), strings: strings.map(asText) }
  },
  SOA(reader) {
    const names = [reader.name(), reader.name()]
    return { value: [...names, ...Array.from({ length: 5 }, () => reader.u32())].join(' ') }
  },
  SRV(reader) {
    const numbers = [reader.u16(), reader.u16(), reader.u16()]
    return { value: `${numbers.join(' ')} ${reader.name()}` }
  },
  // RFC 8659 §4.1
  CAA(reader, length) {
    const flags = reader.u8()
    const tagLength = reader.u8()
    const tag = asText(reader.bytes(tagLength))
    const value = asText(reader.bytes(length - 2 - tagLength))
    return { value: `${flags} ${tag} "${value.replace(/["\\]/g, '\\$&')}"` }
  },
  // RFC 6698 §2.2
  TLSA(reader, length) {
    const numbers = [reader.u8(), reader.u8(), reader.u8()]
    return { value: `${numbers.join(' ')} ${reader.bytes(length - 3).toString('hex')}` }
  },
  // RFC 4034 §5.3
  DS(reader, length) {
    const numbers = [reader.u16(), reader.u8(), reader.u8()]
    return { value: `${numbers.join(' ')} ${reader.bytes(length - 4).toString('hex')}` }
  },
  // RFC 4034 §2.2
  DNSKEY(reader, length) {
    const numbers = [reader.u16(), reader.u8(), reader.u8()]
    return { value: `${numbers.join(' ')} ${reader.bytes(length - 4).toString('base64')}` }
  },
  // RFC 4034 §3.2
  RRSIG(reader, length) {
    const end = reader.offset + length
    const head = [typeName(reader.u16()), reader.u8(), reader.u8(), reader.u32()]
    const [expiresAt, startsAt] = [reader.u32() * 1_000, reader.u32() * 1_000]
    const signer = [reader.u16(), reader.name()]
    const signature = reader.bytes(end - reader.offset).toString('base64')
    return { value: [...head, moment(expiresAt), moment(startsAt), ...signer, signature].join(' '), expiresAt }
  },
}

/** RFC 4034 §3.2: YYYYMMDDHHmmSS, UTC. */
function moment(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)
}

/**
 * The data of one record in presentation form. Names in it are lower-case without the trailing dot, the root is `.`.
 * @throws MalformedMessage when the data do not fill RDLENGTH exactly.
 */
export function readRecordData(buffer: Buffer, { name, type, ttl, dataStart, dataEnd }: RawRecord): DnsRecord {
  const reader = new WireReader(buffer, dataStart)
  const data = readers[type](reader, dataEnd - dataStart)
  if (reader.offset !== dataEnd) throw new MalformedMessage(`${type} data do not fill their length`)
  return { name, type, ttl, ...data }
}

/** The MINIMUM field of a SOA record in seconds: the negative TTL of RFC 2308 §4. */
export function soaMinimum(buffer: Buffer, record: RawRecord): number {
  return Number(readRecordData(buffer, record).value.split(' ').at(-1))
}
