import { Packet } from 'dns2'
import { startDeadline } from '../deadline'
import { decodeMessage, encodeQuestion, repliesTo, type Message, type QueryFlags } from './message'
import { fault, MAX_CHAIN, readAnswer, type Reading } from './read-answer'
import type { ServerAddress } from './server-address'
import { askOverTcp, askOverUdp, NoReply, type Exchange } from './transport'
import type { DnsOutcome, DnsReply, RecordType } from './types'
import { MalformedMessage } from './wire'

/** One resolver's word, with what it is based on. */
export interface Word extends Reading {
  reply: DnsReply
}

/** CNAME targets that we ask for ourselves; a resolver chases by itself, a server that only knows its own zones does not. */
const MAX_CHASES = 8
const MAX_RESEND_MS = 1_500

interface AskOptions {
  timeoutMs: number
  signal: AbortSignal
  flags?: QueryFlags
}

/** Asks one resolver for `name` and `type`, CNAME chain included, within one deadline. Never rejects. */
export async function askServer(server: ServerAddress, name: string, type: RecordType, options: AskOptions): Promise<Word> {
  const startedAt = performance.now()
  const deadline = startDeadline(options.timeoutMs, options.signal)
  const resendAfterMs = Math.min(MAX_RESEND_MS, options.timeoutMs / 3)
  let tcp = false
  try {
    const reading = await followAcrossMessages(name, type, async (target) => {
      const got = await exchange({ server, name: target, type, signal: deadline.signal, resendAfterMs, flags: options.flags })
      tcp ||= got.tcp
      return typeof got.result === 'string' ? fault(got.result) : readAnswer(got.result, target, type)
    })
    const latencyMs = performance.now() - startedAt
    return { ...reading, reply: { server: server.label, outcome: reading.outcome, latencyMs, tcp, ede: reading.ede } }
  } finally {
    deadline.close()
  }
}

async function followAcrossMessages(name: string, type: RecordType, ask: (target: string) => Promise<Reading>): Promise<Reading> {
  let reading = await ask(name)
  const seen = [name, ...reading.cnames]
  for (let chases = 0; reading.next !== undefined; chases++) {
    const target = reading.next
    const further = chases < MAX_CHASES ? await ask(target) : fault('servfail')
    const isLoop = further.cnames.some((cname) => seen.includes(cname)) || seen.length + further.cnames.length > MAX_CHAIN
    seen.push(...further.cnames)
    if (isLoop) return fault('servfail', seen.slice(1))
    const ad = reading.ad && further.ad
    reading = { ...further, ad, cnames: seen.slice(1), ttl: Math.min(reading.ttl, further.ttl) }
  }
  return reading
}

interface Attempt {
  server: ServerAddress
  name: string
  type: RecordType
  signal: AbortSignal
  resendAfterMs: number
  flags?: QueryFlags
}

/** One question over UDP, and over TCP when the answer was cut. */
export async function exchange({ server, name, type, signal, resendAfterMs, flags }: Attempt) {
  const question = { id: Packet.uuid(), name, type, flags }
  const plan: Exchange = { server, packet: encodeQuestion(question), accept: (reply) => repliesTo(reply, question), signal }
  const short = await readReply(() => askOverUdp(plan, resendAfterMs))
  if (typeof short === 'string' || !short.truncated) return { result: short, tcp: false }

  const tcpQuestion = { ...question, id: Packet.uuid() }
  const tcpPlan: Exchange = { ...plan, packet: encodeQuestion(tcpQuestion), accept: (reply) => repliesTo(reply, tcpQuestion) }
  const long = await readReply(() => askOverTcp(tcpPlan))
  const unreachable = long === 'timeout' || long === 'network'
  const result: Message | DnsOutcome = unreachable || (typeof long !== 'string' && long.truncated) ? 'truncated' : long
  return { result, tcp: true }
}

async function readReply(ask: () => Promise<Buffer>): Promise<Message | DnsOutcome> {
  try {
    return decodeMessage(await ask())
  } catch (error) {
    if (error instanceof NoReply) return error.reason
    if (error instanceof MalformedMessage) return 'malformed'
    throw error
  }
}
