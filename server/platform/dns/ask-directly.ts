import { Packet } from 'dns2'
import { startDeadline } from '../deadline'
import { exchange } from './ask-server'
import type { Message } from './message'
import { isWithin } from './names'
import { readRecordData } from './rdata'
import { fault, readAnswer, type Reading } from './read-answer'
import type { ServerAddress } from './server-address'
import type { RecordType } from './types'
import { MalformedMessage } from './wire'

/** A server's pointer to the servers of a zone below its own (RFC 1034 §4.3.2 step 3b). */
export interface Referral {
  zone: string
  hosts: string[]
  /** Addresses that came along, by host; only of hosts below the zone that was asked, as others' are not that server's to tell. */
  glue: Map<string, string[]>
}

export interface DirectWord extends Reading {
  referral: Referral | null
}

export interface DirectQuestion {
  name: string
  type: RecordType
  /** The zone whose server is asked; a referral has to lead below it. */
  zone: string
}

/** Asks a zone's server without recursion; CNAME records are not followed. Never rejects. */
export async function askDirectly(
  server: ServerAddress,
  { name, type, zone }: DirectQuestion,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DirectWord> {
  const deadline = startDeadline(timeoutMs, signal)
  try {
    const flags = { recursive: false }
    const { result } = await exchange({ server, name, type, signal: deadline.signal, resendAfterMs: timeoutMs / 3, flags })
    if (typeof result === 'string') return { ...fault(result), referral: null }
    const reading = readAnswer(result, name, type)
    // A pointer upwards or sideways is no refusal, whatever a resolver would make of it.
    const said = reading.outcome === 'refused' && result.rcode === Packet.RCODE.NOERROR ? fault('malformed') : reading
    return { ...said, referral: readReferral(result, name, zone) }
  } finally {
    deadline.close()
  }
}

/** Null unless the message leads to a zone that holds `name` and is truly deeper, so that servers cannot send us round in circles. */
function readReferral(message: Message, name: string, above: string): Referral | null {
  if (message.authoritative || message.rcode !== Packet.RCODE.NOERROR || message.answers.length > 0) return null
  const records = message.authorities.filter((record) => record.type === 'NS')
  const zone = records[0]?.name
  if (!zone || zone === above || !isWithin(zone, above) || !isWithin(name, zone)) return null
  try {
    const ofZone = records.filter((record) => record.name === zone)
    const hosts = [...new Set(ofZone.map((record) => readRecordData(message.buffer, record).value))]
    return { zone, hosts, glue: readGlue(message, hosts, above) }
  } catch (error) {
    if (error instanceof MalformedMessage) return null
    throw error
  }
}

function readGlue(message: Message, hosts: string[], above: string): Map<string, string[]> {
  const glue = new Map<string, string[]>()
  for (const record of message.additionals) {
    const isAddress = record.type === 'A' || record.type === 'AAAA'
    if (!isAddress || !hosts.includes(record.name) || !isWithin(record.name, above)) continue
    glue.set(record.name, [...(glue.get(record.name) ?? []), readRecordData(message.buffer, record).value])
  }
  return glue
}
