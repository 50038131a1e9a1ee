// A socket for each question costs more than the question itself, so a few are shared. What RFC 5452 §9.2 asks for stays: of several
// ports, each chosen by the system's chance, one is chosen by chance for each question, and none lives long enough to be found out.
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { ServerAddress } from './server-address'

/** Ports that are open for one server at the same time. */
const OPEN_PORTS = 8
/** A port is given up after so many questions, and after this time. */
const MAX_QUESTIONS = 64
const MAX_AGE_MS = 2_000

/** What came for a question, which may be forged; null when the socket has failed. */
type Listener = (reply: Buffer | null) => void

const openPorts = new WeakMap<ServerAddress, UdpPort[]>()

/** A port for a question with this id: one that is open, or a new one. */
export function portFor(server: ServerAddress, id: number): UdpPort {
  const ports = openPorts.get(server) ?? []
  openPorts.set(server, ports)
  const chosen = ports.filter((port) => port.isFreeFor(id))[randomInt(OPEN_PORTS)]
  if (chosen) return chosen
  const opened = new UdpPort(server, () => ports.splice(ports.indexOf(opened), 1))
  ports.push(opened)
  return opened
}

/** A socket that hears one server only, and the questions that wait there for their replies. */
export class UdpPort {
  private readonly socket: Socket
  private readonly waiting = new Map<number, Listener>()
  /** No id comes twice, so that a late second reply is known for what it is. */
  private readonly used = new Set<number>()
  /** Packets that wait for the socket; null once it is connected. */
  private unsent: Buffer[] | null = []
  private readonly age: NodeJS.Timeout
  private retired = false

  constructor(
    server: ServerAddress,
    private readonly onRetired: () => void,
  ) {
    this.socket = createSocket(server.family === 4 ? 'udp4' : 'udp6')
    this.socket.on('error', () => this.fail())
    this.socket.on('message', (reply) => this.hear(reply))
    this.socket.on('connect', () => this.connected())
    // A connected socket hears only the asked address and port, and learns of a refused port at once.
    this.socket.connect(server.port, server.host)
    // Whoever waits for an answer keeps the process; a socket that is only kept does not.
    this.socket.unref()
    this.age = setTimeout(() => this.retire(), MAX_AGE_MS).unref()
  }

  isFreeFor(id: number): boolean {
    return !this.used.has(id)
  }

  ask(id: number, packet: Buffer, listener: Listener): void {
    this.waiting.set(id, listener)
    this.used.add(id)
    this.send(packet)
    if (this.used.size >= MAX_QUESTIONS) this.retire()
  }

  send(packet: Buffer): void {
    if (this.unsent) this.unsent.push(packet)
    else this.socket.send(packet, (error) => error && this.fail())
  }

  /** The question with this id waits no longer. */
  leave(id: number): void {
    this.waiting.delete(id)
    if (this.retired && this.waiting.size === 0) this.close()
  }

  private connected(): void {
    const packets = this.unsent ?? []
    this.unsent = null
    for (const packet of packets) this.send(packet)
  }

  private hear(reply: Buffer): void {
    const id = reply.length < 2 ? -1 : reply.readUInt16BE()
    const listener = this.waiting.get(id)
    if (listener) listener(reply)
    // Meant for none of them, and so perhaps for any.
    else if (!this.used.has(id)) for (const other of [...this.waiting.values()]) other(reply)
  }

  private fail(): void {
    this.retire()
    for (const listener of [...this.waiting.values()]) listener(null)
  }

  /** Takes no more questions; closes with the last one that waits. */
  private retire(): void {
    if (this.retired) return
    this.retired = true
    clearTimeout(this.age)
    this.onRetired()
    if (this.waiting.size === 0) this.close()
  }

  private close(): void {
    this.socket.removeAllListeners('connect').removeAllListeners('message')
    this.socket.close()
  }
}
