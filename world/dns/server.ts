import dns2, { type Packet as PacketType } from 'dns2'
import { once } from 'node:events'
import { Socket, isIPv6, type AddressInfo } from 'node:net'
import type { DnsFaults } from './faults'
import { toResource, zoneType, type ZoneType } from './records'
import type { LookupResult } from './zones'

const { Packet } = dns2

/** RFC 6891 says how much a client takes; more than this does not cross common networks whole (DNS flag day 2020). */
const MAX_UDP_OCTETS = 1232
/** RFC 1035 §4.2.1: without EDNS. */
const PLAIN_UDP_OCTETS = 512

export interface NameServerOptions {
  say(name: string, type: ZoneType | undefined): LookupResult
  /** A resolver; else it speaks for its zones alone. */
  recursive: boolean
  faults: DnsFaults
  /** Which resolver of the world this is, for the faults. */
  index: number
  address: string
  /** 0 chooses a free one. */
  port: number
  delayMs(): number
}

export interface NameServer {
  /** `ip:port`, or `[ip]:port`. */
  endpoint: string
  port: number
  /** Questions received so far. */
  asked(): number
  close(): Promise<void>
}

const optOf = (request: PacketType) => request.additionals.find((record) => record.type === Packet.TYPE.EDNS)

/** The reply to one well-formed request, without regard to its size. */
function answer(request: PacketType, { say, recursive }: NameServerOptions): PacketType {
  const response = Packet.createResponseFromRequest(request)
  response.header.ra = recursive ? 1 : 0
  if (optOf(request)) response.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: MAX_UDP_OCTETS }))
  const [question] = request.questions
  if (request.errors.length > 0 || request.questions.length !== 1 || !question) return withCode(response, Packet.RCODE.FORMERR)
  if (request.header.opcode !== 0 || question.type === Packet.TYPE.ANY) return withCode(response, Packet.RCODE.NOTIMP)
  if (question.class !== Packet.CLASS.IN) return withCode(response, Packet.RCODE.REFUSED)
  const found = say(question.name, zoneType(question.type))
  response.header.aa = found.authoritative ? 1 : 0
  response.answers = found.answers.map(toResource)
  response.authorities = found.authority.map(toResource)
  response.additionals.push(...found.additional.map(toResource))
  return withCode(response, Packet.RCODE[found.rcode])
}

function withCode(response: PacketType, rcode: number) {
  response.header.rcode = rcode
  return response
}

/** Header and question alone, TC set: the client has to come back over TCP. */
function truncated(response: PacketType): Buffer {
  response.header.tc = 1
  response.answers = []
  response.authorities = []
  return response.toBuffer()
}

function sizedForUdp(request: PacketType, response: PacketType): Buffer {
  const offered = optOf(request)?.class
  const limit = offered === undefined ? PLAIN_UDP_OCTETS : Math.min(Math.max(offered, PLAIN_UDP_OCTETS), MAX_UDP_OCTETS)
  const octets = response.toBuffer()
  return octets.length <= limit ? octets : truncated(response)
}

/** Null: nothing is said. `close`: the connection is ended. */
function reply(options: NameServerOptions, request: PacketType, tcp: boolean): Buffer | null | 'close' {
  const fault = options.faults.at((request.questions[0]?.name ?? '').toLowerCase(), options.index)
  if (fault === 'timeout') return null
  const response = answer(request, options)
  if (fault === 'truncated') return tcp ? 'close' : truncated(response)
  if (fault) {
    response.answers = []
    response.authorities = []
    return withCode(response, Packet.RCODE[fault === 'servfail' ? 'SERVFAIL' : 'REFUSED']).toBuffer()
  }
  return tcp ? response.toBuffer() : sizedForUdp(request, response)
}

/** A name server on UDP and TCP at one address and port. Throws when the port is taken. */
export async function startNameServer(options: NameServerOptions): Promise<NameServer> {
  const udp = dns2.createUDPServer({ type: isIPv6(options.address) ? 'udp6' : 'udp4' })
  const tcp = dns2.createTCPServer()
  const sockets = new Set<Socket>()
  let asked = 0
  let closed = false
  tcp.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  const serve = (request: PacketType, send: (octets: Buffer) => Promise<unknown>, client: unknown) => {
    asked++
    const say = () => {
      if (closed) return
      const octets = reply(options, request, client instanceof Socket)
      if (octets === 'close') (client as Socket).destroy()
      else if (octets) void Promise.resolve(send(octets)).catch(() => undefined)
    }
    if (options.delayMs() > 0) setTimeout(say, options.delayMs()).unref()
    else say()
  }
  for (const server of [udp, tcp]) {
    server.on('request', serve)
    server.on('requestError', () => undefined)
  }
  const port = await listenOnBoth(udp, tcp, options)
  return {
    port,
    endpoint: isIPv6(options.address) ? `[${options.address}]:${port}` : `${options.address}:${port}`,
    asked: () => asked,
    async close() {
      closed = true
      for (const socket of sockets) socket.destroy()
      await Promise.all([new Promise<void>((done) => udp.close(() => done())), new Promise((done) => tcp.close(done))])
    },
  }
}

/** UDP and TCP have to share the port, so a port that UDP got by chance may be taken for TCP: then another is tried. */
async function listenOnBoth(
  udp: ReturnType<typeof dns2.createUDPServer>,
  tcp: ReturnType<typeof dns2.createTCPServer>,
  { address, port }: NameServerOptions,
): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    tcp.listen(port, address)
    await once(tcp, 'listening')
    const chosen = (tcp.address() as AddressInfo).port
    try {
      udp.bind(chosen, address)
      await once(udp, 'listening')
      return chosen
    } catch (error) {
      await new Promise((done) => tcp.close(done))
      if (port !== 0 || attempt === 9) throw error
    }
  }
}
