import { Packet } from 'dns2'
import type { Message, RawRecord } from './message'
import { isWithin } from './names'
import { readRecordData, soaMinimum } from './rdata'
import type { DnsOutcome, DnsRecord, ExtendedError, RecordType } from './types'
import { MalformedMessage } from './wire'

/** What one message says about a name. */
export interface Reading {
  outcome: DnsOutcome
  records: DnsRecord[]
  cnames: string[]
  signatures: DnsRecord[]
  ad: boolean
  ede: ExtendedError[]
  ttl: number
  /** The chain leads on to this name, of which the message says nothing: it has to be asked for. */
  next?: string
}

/** Longest CNAME chain that is followed; more is a loop in effect (BIND gives up at 16 as well). */
export const MAX_CHAIN = 16

const OUTCOME_BY_RCODE: Record<number, DnsOutcome> = {
  [Packet.RCODE.FORMERR]: 'formerr',
  [Packet.RCODE.SERVFAIL]: 'servfail',
  [Packet.RCODE.NXDOMAIN]: 'nxdomain',
  [Packet.RCODE.NOTIMP]: 'notimp',
  [Packet.RCODE.REFUSED]: 'refused',
}

export function fault(outcome: DnsOutcome, cnames: string[] = []): Reading {
  return without(outcome, cnames, 0)
}

/** A reading that holds no records. */
function without(outcome: DnsOutcome, cnames: string[], ttl: number): Reading {
  return { outcome, records: [], cnames, signatures: [], ad: false, ede: [], ttl }
}

/** Reads what `message` says about `name` and `type`, following its CNAME records. Bytes that contradict themselves are `malformed`. */
export function readAnswer(message: Message, name: string, type: RecordType): Reading {
  try {
    return { ...readRecords(message, name, type), ad: message.authentic, ede: message.ede }
  } catch (error) {
    if (error instanceof MalformedMessage) return fault('malformed')
    throw error
  }
}

function readRecords(message: Message, name: string, type: RecordType): Reading {
  const { rcode } = message
  if (rcode !== Packet.RCODE.NOERROR && rcode !== Packet.RCODE.NXDOMAIN) return fault(OUTCOME_BY_RCODE[rcode] ?? 'network')

  const chain = followChain(message, name, type)
  // A loop is the zone's fault, but nothing that the name "is": resolvers answer SERVFAIL for it, and so do we.
  if (!chain) return fault('servfail')
  const { target, cnames, ttl } = chain
  const records = message.answers
    .filter((record) => record.name === target && record.type === type)
    .map((record) => readRecordData(message.buffer, record))
  // RFC 6604 §3: NXDOMAIN is about the last name of the chain; with records of that name it contradicts itself.
  if (rcode === Packet.RCODE.NXDOMAIN) {
    return records.length > 0 ? fault('malformed') : without('nxdomain', cnames, negativeTtl(message, target, ttl))
  }
  if (records.length > 0) {
    const signatures = signaturesOf(message, target, type)
    const leastTtl = Math.min(ttl, ...records.map((record) => record.ttl))
    return { ...without('answer', cnames, leastTtl), records, signatures }
  }
  if (cnames.length > 0 && !soaOf(message, target)) return { ...without('nodata', cnames, ttl), next: target }
  if (isReferral(message)) return fault('refused')
  return without('nodata', cnames, negativeTtl(message, target, ttl))
}

/** The RRSIG records of `name` that cover `type`. */
function signaturesOf(message: Message, name: string, type: RecordType): DnsRecord[] {
  return message.answers
    .filter((record) => record.name === name && record.type === 'RRSIG')
    .map((record) => readRecordData(message.buffer, record))
    .filter((signature) => signature.value.startsWith(`${type} `))
}

/** The end of the CNAME chain that starts at `name`; null for a loop. */
function followChain(message: Message, name: string, type: RecordType) {
  const cnames: string[] = []
  let target = name
  let ttl = Infinity
  for (;;) {
    const link = type !== 'CNAME' && message.answers.find((record) => record.name === target && record.type === 'CNAME')
    if (!link) return { target, cnames, ttl }
    target = readRecordData(message.buffer, link).value
    if (target === name || cnames.includes(target) || cnames.length === MAX_CHAIN) return null
    cnames.push(target)
    ttl = Math.min(ttl, link.ttl)
  }
}

/** RFC 2308 §5: the least of the SOA's TTL and MINIMUM; without a SOA a negative answer is not kept. */
function negativeTtl(message: Message, name: string, chainTtl: number): number {
  const soa = soaOf(message, name)
  return soa ? Math.min(chainTtl, soa.ttl, soaMinimum(message.buffer, soa)) : 0
}

function soaOf(message: Message, name: string): RawRecord | undefined {
  return message.authorities.find((record) => record.type === 'SOA' && isWithin(name, record.name))
}

/** RFC 2308 §2.2.1: NS without a SOA from a server that neither owns the zone nor recurses points elsewhere; it does not say "no data". */
function isReferral(message: Message): boolean {
  const has = (type: RecordType) => message.authorities.some((record) => record.type === type)
  return !message.authoritative && !message.recursionAvailable && has('NS') && !has('SOA')
}
