import { Packet } from 'dns2'
import { readExtendedErrors } from './extended-error'
import { ROOT } from './names'
import { RECORD_TYPES, type ExtendedError, type RecordType } from './types'
import { WireReader } from './wire'

/** Type numbers (IANA). dns2 has no TLSA and DS, so the table is ours. */
export const TYPE_CODES: Record<RecordType, number> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  RRSIG: 46,
  DNSKEY: 48,
  TLSA: 52,
  CAA: 257,
}
const TYPE_BY_CODE = new Map(RECORD_TYPES.map((type) => [TYPE_CODES[type], type]))

/** 1,232 octets pass every path that carries IPv6 (1,280 less headers); a bigger answer says TC and comes over TCP. */
const UDP_PAYLOAD_SIZE = 1232

/** The second half of the header's first line (RFC 1035 §4.1.1, RFC 4035 §3.1.6), and the flags of OPT (RFC 6891 §6.1.4). */
const [QR_BIT, AA_BIT, TC_BIT, RD_BIT, RA_BIT, AD_BIT, CD_BIT] = [0x8000, 0x400, 0x200, 0x100, 0x80, 0x20, 0x10]
const DO_BIT = 0x8000

const HEADER_OCTETS = 12
const OPT_OCTETS = 11

const OPT = Packet.TYPE.EDNS
const CLASS_IN = Packet.CLASS.IN

export interface Question {
  id: number
  name: string
  type: RecordType
  flags?: QueryFlags
}

export interface QueryFlags {
  /** Recursion desired; on unless the zone's own servers are asked. */
  recursive?: boolean
  dnssec?: boolean
  checkingDisabled?: boolean
}

/** A record whose data are still in the message, from `dataStart` to `dataEnd`. */
export interface RawRecord {
  name: string
  type: RecordType
  ttl: number
  dataStart: number
  dataEnd: number
}

export interface Message {
  buffer: Buffer
  /** The header's RCODE with the eight high bits of an OPT record (RFC 6891 §6.1.3). */
  rcode: number
  truncated: boolean
  authoritative: boolean
  recursionAvailable: boolean
  /** AD: the server has validated all of it. */
  authentic: boolean
  ede: ExtendedError[]
  answers: RawRecord[]
  authorities: RawRecord[]
  additionals: RawRecord[]
}

/** One question with an OPT record, recursion desired unless the flags say otherwise; `name` as `normaliseName` gives it. */
export function encodeQuestion({ id, name, type, flags: { recursive = true, dnssec, checkingDisabled } = {} }: Question): Buffer {
  const labels = name === ROOT ? [] : name.split('.')
  const nameEnd = HEADER_OCTETS + labels.reduce((octets, label) => octets + label.length + 1, 1)
  const packet = Buffer.alloc(nameEnd + 4 + OPT_OCTETS)
  packet.writeUInt16BE(id, 0)
  packet.writeUInt16BE((recursive ? RD_BIT : 0) | (checkingDisabled ? CD_BIT : 0), 2)
  // One question, and in the additional section one record.
  packet.writeUInt16BE(1, 4)
  packet.writeUInt16BE(1, 10)
  let at = HEADER_OCTETS
  for (const label of labels) {
    packet[at] = label.length
    at += 1 + packet.write(label, at + 1, 'latin1')
  }
  packet.writeUInt16BE(TYPE_CODES[type], nameEnd)
  packet.writeUInt16BE(CLASS_IN, nameEnd + 2)
  // RFC 6891 §6.1.2: the name is the root, the class is the payload size, the TTL holds the flags; no options.
  packet.writeUInt16BE(OPT, nameEnd + 5)
  packet.writeUInt16BE(UDP_PAYLOAD_SIZE, nameEnd + 7)
  packet.writeUInt16BE(dnssec ? DO_BIT : 0, nameEnd + 11)
  return packet
}

/** The type's name, or `TYPE12` as RFC 3597 §5 writes one that we do not know. */
export function typeName(code: number): string {
  return TYPE_BY_CODE.get(code) ?? `TYPE${code}`
}

/**
 * True when the bytes are a reply to this very question (RFC 5452 §9.1: id, name, type and class). A refusal may leave the question
 * out (servers that could not parse it do), but then it can carry no answer either.
 */
export function repliesTo(buffer: Buffer, question: Question): boolean {
  try {
    const reader = new WireReader(buffer)
    const header = readHeader(reader)
    if (!(header.flags & QR_BIT) || header.opcode !== 0 || header.id !== question.id) return false
    if (header.qdcount === 0) return ![Packet.RCODE.NOERROR, Packet.RCODE.NXDOMAIN].some((code) => code === header.rcode)
    return (
      header.qdcount === 1 &&
      reader.name() === question.name &&
      reader.u16() === TYPE_CODES[question.type] &&
      reader.u16() === CLASS_IN
    )
  } catch {
    return false
  }
}

/**
 * Reads a message that `repliesTo` accepted. Records of types or classes that are not ours are left out.
 * @throws MalformedMessage when its bytes contradict themselves.
 */
export function decodeMessage(buffer: Buffer): Message {
  const reader = new WireReader(buffer)
  const header = readHeader(reader)
  const message: Message = {
    buffer,
    rcode: header.rcode,
    truncated: (header.flags & TC_BIT) !== 0,
    authoritative: (header.flags & AA_BIT) !== 0,
    recursionAvailable: (header.flags & RA_BIT) !== 0,
    authentic: (header.flags & AD_BIT) !== 0,
    ede: [],
    answers: [],
    authorities: [],
    additionals: [],
  }
  // What a truncated message still holds is not to be used (RFC 2181 §9), so it is not read.
  if (message.truncated) return message
  for (let n = 0; n < header.qdcount; n++) {
    reader.name()
    reader.skip(4)
  }
  for (let n = 0; n < header.ancount; n++) readRecord(reader, message, message.answers)
  for (let n = 0; n < header.nscount; n++) readRecord(reader, message, message.authorities)
  for (let n = 0; n < header.arcount; n++) readRecord(reader, message, message.additionals)
  return message
}

function readHeader(reader: WireReader) {
  const [id, flags] = [reader.u16(), reader.u16()]
  const [qdcount, ancount, nscount, arcount] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()]
  return { id, flags, opcode: (flags >> 11) & 0xf, rcode: flags & 0xf, qdcount, ancount, nscount, arcount }
}

function readRecord(reader: WireReader, message: Message, into: RawRecord[]): void {
  const name = reader.name()
  const code = reader.u16()
  const recordClass = reader.u16()
  const ttl = reader.u32()
  const length = reader.u16()
  const dataStart = reader.skip(length)
  if (code === OPT) {
    message.rcode |= (ttl >>> 24) << 4
    message.ede.push(...readExtendedErrors(message.buffer.subarray(dataStart, reader.offset)))
  }
  const type = TYPE_BY_CODE.get(code)
  if (!type || recordClass !== CLASS_IN) return
  // RFC 2181 §8: a TTL with the highest bit set counts as zero.
  into.push({ name, type, ttl: ttl > 0x7fffffff ? 0 : ttl, dataStart, dataEnd: dataStart + length })
}
