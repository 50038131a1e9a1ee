import { Packet } from 'dns2'
import { readExtendedErrors } from './extended-error'
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

/** RFC 4035 §3.2.3; dns2's types do not name it. */
const AD_BIT = 0x20

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

/** One question with an OPT record, recursion desired unless the flags say otherwise. */
export function encodeQuestion({ id, name, type, flags: { recursive = true, dnssec, checkingDisabled } = {} }: Question): Buffer {
  const packet = new Packet()
  Object.assign(packet.header, { id, rd: recursive ? 1 : 0, cd: checkingDisabled ? 1 : 0 })
  packet.questions.push(new Packet.Question(name, TYPE_CODES[type], CLASS_IN))
  packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: UDP_PAYLOAD_SIZE, doFlag: dnssec }))
  return packet.toBuffer()
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
    if (header.qr !== 1 || header.opcode !== 0 || header.id !== question.id) return false
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
    truncated: header.tc === 1,
    authoritative: header.aa === 1,
    recursionAvailable: header.ra === 1,
    authentic: (buffer.readUInt16BE(2) & AD_BIT) !== 0,
    ede: [],
    answers: [],
    authorities: [],
    additionals: [],
  }
  // What a truncated message still holds is not to be used (RFC 2181 §9), so it is not read.
  if (message.truncated) return message
  for (let n = 0; n < header.qdcount; n++) {
    reader.name()
    reader.bytes(4)
  }
  for (let n = 0; n < header.ancount; n++) readRecord(reader, message, message.answers)
  for (let n = 0; n < header.nscount; n++) readRecord(reader, message, message.authorities)
  for (let n = 0; n < header.arcount; n++) readRecord(reader, message, message.additionals)
  return message
}

function readHeader(reader: WireReader) {
  return Packet.Header.parse(new Packet.Reader(reader.bytes(Packet.HEADER_SIZE)))
}

function readRecord(reader: WireReader, message: Message, into: RawRecord[]): void {
  const name = reader.name()
  const code = reader.u16()
  const recordClass = reader.u16()
  const ttl = reader.u32()
  const length = reader.u16()
  const dataStart = reader.offset
  reader.bytes(length)
  if (code === OPT) {
    message.rcode |= (ttl >>> 24) << 4
    message.ede.push(...readExtendedErrors(message.buffer.subarray(dataStart, reader.offset)))
  }
  const type = TYPE_BY_CODE.get(code)
  if (!type || recordClass !== CLASS_IN) return
  // RFC 2181 §8: a TTL with the highest bit set counts as zero.
  into.push({ name, type, ttl: ttl > 0x7fffffff ? 0 : ttl, dataStart, dataEnd: dataStart + length })
}
