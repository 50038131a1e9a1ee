import { createSocket, type Socket } from 'node:dgram'
import type { Socket as TcpSocket } from 'node:net'
import { createTCPServer, createUDPServer, Packet, type TCPServer as TcpServer } from 'dns2'

type Records = Array<Record<string, unknown>>

/** What the server answers to one question. */
export interface ZoneReply {
  rcode?: number
  answers?: Records
  authorities?: Records
  additionals?: Records
  aa?: 0 | 1
  ra?: 0 | 1
  tc?: 0 | 1
  ad?: 0 | 1
  /** Extended DNS Errors: code and text. */
  ede?: Array<[code: number, text: string]>
}

/** The reply to a question; `null` for silence; raw bytes for what dns2 would not say. */
export type Zone = (question: { name: string; type: number; tcp: boolean; request: Packet }) => ZoneReply | Buffer | null

export interface TestDnsServer {
  /** `ip:port`, or `[v6]:port`. */
  address: string
  port: number
  /** Every question that arrived, as `NAME/TYPE` with `udp` or `tcp` before it, in order. */
  asked: string[]
  close(): Promise<void>
}

export interface TestDnsOptions {
  host?: string
  /** Off: TCP connections are refused. */
  tcp?: boolean
  /** 0, a free one, when not given; a fixed one that is taken is an error. */
  port?: number
}

/** A DNS server on loopback that answers over UDP, and over TCP on the same port, from a function. */
export async function startDnsServer(
  zone: Zone,
  { host = '127.0.0.1', tcp = true, port: wanted = 0 }: TestDnsOptions = {},
): Promise<TestDnsServer> {
  const asked: string[] = []
  const isV6 = host.includes(':')
  const reply = (overTcp: boolean) => (request: Packet, send: (packet: Packet) => unknown) => {
    const [question] = request.questions
    if (!question) return
    asked.push(`${overTcp ? 'tcp' : 'udp'} ${question.name}/${Packet.TYPE_NAME[question.type] ?? question.type}`)
    const said = zone({ name: question.name.toLowerCase(), type: question.type, tcp: overTcp, request })
    // dns2's `send` takes a Buffer as well; its types do not say so.
    if (said) send(Buffer.isBuffer(said) ? (said as unknown as Packet) : toPacket(request, said))
  }
  for (;;) {
    const udp = createUDPServer({ type: isV6 ? 'udp6' : 'udp4' })
    await udp.listen(wanted, host)
    udp.on('request', reply(false))
    udp.on('requestError', () => {})
    const { port } = udp.address()
    const tcpServer = tcp ? await listenTcp(createTCPServer(), port, host) : null
    if (tcp && !tcpServer) {
      // Somebody else has this port over TCP: try another.
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      if (wanted !== 0) throw new Error(`port ${wanted} of ${host} is taken`)
      continue
    }
    const sockets = new Set<TcpSocket>()
    tcpServer?.on('connection', (socket) => sockets.add(socket))
    tcpServer?.on('request', reply(true))
    tcpServer?.on('requestError', () => {})
    return {
      address: isV6 ? `[${host}]:${port}` : `${host}:${port}`,
      port,
      asked,
      async close() {
        for (const socket of sockets) socket.destroy()
        await Promise.all([
          new Promise<void>((resolve) => udp.close(() => resolve())),
          tcpServer && new Promise<void>((resolve) => tcpServer.close(() => resolve())),
        ])
      },
    }
  }
}

/** Null when somebody else has this port over TCP. */
function listenTcp(server: TcpServer, port: number, host: string): Promise<TcpServer | null> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(port, host, () => resolve(server))
  })
}

function toPacket(request: Packet, said: ZoneReply): Packet {
  const response = Packet.createResponseFromRequest(request)
  Object.assign(response.header, {
    ra: said.ra ?? 1,
    aa: said.aa ?? 0,
    tc: said.tc ?? 0,
    ad: said.ad ?? 0,
    rcode: said.rcode ?? 0,
  })
  const fill = (records: Records = []) =>
    records.map((record) => Object.assign(new Packet.Resource(), { class: 1, ttl: 300 }, record))
  response.answers = fill(said.answers)
  response.authorities = fill(said.authorities)
  response.additionals = fill(said.additionals)
  if (said.ede) {
    const errors = said.ede.map(([code, text]) => Packet.Resource.EDNS.EDE(code, text))
    response.additionals.push(Object.assign(new Packet.Resource(), Packet.Resource.EDNS(errors)))
  }
  return response
}

/** A UDP socket that says what the test wants, byte by byte. */
export async function startRawUdp(
  onMessage: (message: Buffer, send: (reply: Buffer) => void, from: { port: number; address: string }) => void,
) {
  const socket: Socket = createSocket('udp4')
  socket.on('message', (message, from) => onMessage(message, (reply) => socket.send(reply, from.port, from.address), from))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    send: (message: Buffer, port: number, address: string) => socket.send(message, port, address),
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
}

export const record = {
  a: (name: string, address: string, ttl = 300) => ({ name, type: 1, address, ttl }),
  aaaa: (name: string, address: string, ttl = 300) => ({ name, type: 28, address, ttl }),
  cname: (name: string, domain: string, ttl = 300) => ({ name, type: 5, domain, ttl }),
  mx: (name: string, priority: number, exchange: string, ttl = 300) => ({ name, type: 15, priority, exchange, ttl }),
  ns: (name: string, ns: string, ttl = 300) => ({ name, type: 2, ns, ttl }),
  txt: (name: string, data: Array<string | Buffer>, ttl = 300) => ({ name, type: 16, data, ttl }),
  raw: (name: string, type: number, data: Buffer, ttl = 300) => ({ name, type, data, ttl }),
  soa: (name: string, minimum: number, ttl = 3600) => ({
    ...{ name, type: 6, ttl, primary: `ns.${name}`, admin: `hostmaster.${name}` },
    ...{ serial: 1, refresh: 3600, retry: 600, expiration: 86400, minimum },
  }),
}
