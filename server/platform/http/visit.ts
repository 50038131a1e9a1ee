import { TLSSocket } from 'node:tls'
import { setMaxListeners } from 'node:events'
import { startDeadline } from '../deadline'
import { hostOf, openConnection, type Connector } from './connect'
import { faultIn } from './connection-fault'
import { Exchange } from './exchange'
import { viewPeerCertificate } from './peer-certificate'
import type { PeerCertificateView } from './tls'
import type { ConnectionFault, HttpResult, HttpVisit, TlsResult, VisitTarget } from './types'

type Opened =
  | { ok: true; exchange: Exchange; protocol: string | null; tls?: PeerCertificateView; latencyMs: number }
  | { ok: false; fault: ConnectionFault; latencyMs: number }

/** A connection to one name at one address, and those who wait for it. */
interface Line {
  opened: Promise<Opened>
  /** What the first handshake showed; a later connection for the same name does not change it. */
  readonly first: Promise<Opened>
  last: Promise<unknown>
  requests: number
}

/** Without a reason of its own each signal would make an error with a stack. */
const ENDED = new Error('The visit has ended')

/** See `HttpVisit`. */
export class Visit implements HttpVisit {
  private readonly lines = new Map<string, Line>()
  private readonly pages = new Map<string, Promise<HttpResult>>()
  private readonly ended = new AbortController()

  constructor(private readonly connector: Connector) {
    setMaxListeners(0, this.ended.signal)
  }

  async handshake(target: VisitTarget): Promise<TlsResult> {
    const about = { address: target.address, port: Number(target.url.port) || 443 }
    const opened = await this.lineTo(target).first
    if (!opened.ok) return { ...about, ok: false, fault: opened.fault, latencyMs: opened.latencyMs }
    const { tls: peer, protocol, latencyMs } = opened
    return peer && protocol
      ? { ...about, ok: true, latencyMs, protocol, peer }
      : { ...about, ok: false, latencyMs, fault: 'protocol' }
  }

  get(target: VisitTarget): Promise<HttpResult> {
    const key = `${target.url.pathname}${target.url.search} ${lineKey(target)}`
    const known = this.pages.get(key)
    if (known) return known
    const line = this.lineTo(target)
    // One after the other, so that the time of one is never part of another's.
    const page = line.last.then(() => this.ask(line, target))
    line.last = page
    this.pages.set(key, page)
    return page
  }

  async close(): Promise<void> {
    this.ended.abort(ENDED)
    const opened = await Promise.all([...this.lines.values()].flatMap((line) => [line.first, line.opened]))
    await Promise.all(opened.map((one) => one.ok && one.exchange.close()))
  }

  private lineTo(target: VisitTarget): Line {
    const key = lineKey(target)
    const known = this.lines.get(key)
    if (known) return known
    const opened = this.open(target)
    const line: Line = { opened, first: opened, last: opened, requests: 0 }
    this.lines.set(key, line)
    return line
  }

  private async open(target: VisitTarget): Promise<Opened> {
    const startedAt = performance.now()
    const deadline = startDeadline(target.timeoutMs, this.ended.signal)
    try {
      const socket = await openConnection(this.connector, target, deadline.signal)
      const exchange = new Exchange(socket, target.url.origin)
      const latencyMs = performance.now() - startedAt
      if (!(socket instanceof TLSSocket)) return { ok: true, exchange, protocol: null, latencyMs }
      const tls = viewPeerCertificate(socket, hostOf(target.url)) ?? undefined
      return { ok: true, exchange, protocol: socket.getProtocol(), tls, latencyMs }
    } catch (error) {
      return { ok: false, fault: faultIn(error, deadline.signal), latencyMs: performance.now() - startedAt }
    } finally {
      deadline.close()
    }
  }

  private async ask(line: Line, target: VisitTarget): Promise<HttpResult> {
    const result = await this.askOnce(line, target)
    // A peer may end a kept connection at any time (RFC 9112 §9.3.1): that says nothing about the page.
    if (result.ok || result.fault !== 'reset' || line.requests < 2 || this.ended.signal.aborted) return result
    const used = await line.opened
    if (used.ok) await used.exchange.close()
    line.opened = this.open(target)
    line.requests = 0
    return this.askOnce(line, target)
  }

  private async askOnce(line: Line, target: VisitTarget): Promise<HttpResult> {
    const opened = await line.opened
    const { address } = target
    if (!opened.ok) return { ok: false, fault: opened.fault, address, latencyMs: opened.latencyMs }
    // The first request waited for the connection, as a visitor would.
    const spentMs = line.requests++ === 0 ? opened.latencyMs : 0
    const startedAt = performance.now()
    const deadline = startDeadline(Math.max(1, target.timeoutMs - spentMs), this.ended.signal)
    const about = () => ({ address, latencyMs: spentMs + performance.now() - startedAt, tls: opened.tls })
    try {
      const reply = await opened.exchange.send(target, deadline.signal)
      return { ok: true, ...reply, ...about() }
    } catch (error) {
      return { ok: false, fault: faultIn(error, deadline.signal), ...about() }
    } finally {
      deadline.close()
    }
  }
}

/** What may be reached by a connection is part of it: an address that is allowed to one caller may not be to another. */
const lineKey = ({ url, address, ownAddresses = [] }: VisitTarget) => `${url.origin} ${address} ${ownAddresses.join()}`
