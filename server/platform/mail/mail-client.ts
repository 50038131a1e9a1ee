import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { startDeadline } from '../deadline'
import { ConnectionError, createConnector, type Connector, type ConnectorOptions } from '../http/connect'
import { viewPeerCertificate } from '../http/peer-certificate'
import type { Dialect } from './dialect'
import { imapDialect } from './imap'
import { Lines, MailError, mailFaultOf, printable } from './lines'
import { smtpDialect } from './smtp'
import type { MailClient, MailLook, MailProtocol, MailTarget } from './types'

export interface MailClientOptions extends Omit<ConnectorOptions, 'probe'> {
  /** The name given in EHLO (RFC 5321 §4.1.1.1): a full host name or an address literal. */
  helo: string
}

/** A client that looks at mail servers. @throws TypeError when a network of `allowNets` is not one. */
export function createMailClient({ helo, ...options }: MailClientOptions): MailClient {
  const connector = createConnector({ ...options, probe: true })
  const dialects: Record<MailProtocol, Dialect> = { smtp: smtpDialect(helo), imap: imapDialect }

  async function look(target: MailTarget): Promise<MailLook> {
    const startedAt = performance.now()
    const deadline = startDeadline(target.timeoutMs, target.signal)
    const seen = nothingSeen(target)
    const conversation = new Conversation(connector, target, dialects[target.protocol], seen, deadline.signal)
    try {
      await conversation.hold()
      seen.stage = 'done'
    } catch (error) {
      seen.fault = deadline.signal.aborted ? 'timeout' : mailFaultOf(error)
      if (error instanceof MailError) seen.reply = error.reply
    } finally {
      conversation.end()
      deadline.close()
      seen.latencyMs = performance.now() - startedAt
    }
    return seen
  }

  return { look }
}

function nothingSeen({ address, port }: MailTarget): MailLook {
  return {
    ...{ address, port, latencyMs: 0, stage: 'connect', fault: null, greeting: null, reply: null, name: null },
    ...{ plain: null, startTls: null, tls: null, secured: null },
  }
}

/** One conversation; writes down what it sees as it goes, so that nothing is lost when it is cut off. */
class Conversation {
  private socket: Socket | null = null

  constructor(
    private readonly connector: Connector,
    private readonly target: MailTarget,
    private readonly dialect: Dialect,
    private readonly seen: MailLook,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws MailError and ConnectionError where it ends early */
  async hold(): Promise<void> {
    const { address, port, ownAddresses, security } = this.target
    this.socket = await this.connector.tcp({ address, port, ownAddresses, signal: this.signal })
    const lines = security === 'implicit' ? await this.secure(this.socket) : await this.talkInClear(this.socket)
    if (!lines) return
    if (security === 'implicit') await this.readGreeting(lines)
    this.seen.stage = 'secured'
    this.seen.secured = await this.readCapabilities(lines)
    this.dialect.leave(lines)
  }

  end(): void {
    // What was said last still goes out, unless the peer does not read.
    if (this.seen.stage === 'done') this.socket?.destroySoon()
    else this.socket?.destroy()
  }

  /** Until TLS begins; null when it does not. */
  private async talkInClear(socket: Socket): Promise<Lines | null> {
    const lines = new Lines(socket, this.signal)
    await this.readGreeting(lines)
    this.seen.stage = 'capabilities'
    this.seen.plain = await this.readCapabilities(lines)
    this.seen.stage = 'starttls'
    this.seen.startTls = await this.askForTls(lines, this.seen.plain)
    if (this.seen.startTls === 'accepted') return this.secure(socket)
    if (this.seen.startTls !== 'injected') this.dialect.leave(lines)
    return null
  }

  private async askForTls(lines: Lines, offered: string[]): Promise<MailLook['startTls']> {
    if (!offered.includes('STARTTLS')) return 'absent'
    try {
      await this.dialect.startTls(lines)
    } catch (error) {
      if (!(error instanceof MailError) || error.fault !== 'declined') throw error
      this.seen.reply = error.reply
      return 'declined'
    }
    // RFC 3207 §4: the next thing on the wire is our ClientHello. What came in clear before must not pass for something said under TLS.
    return lines.release() ? 'injected' : 'accepted'
  }

  private async secure(socket: Socket): Promise<Lines> {
    this.seen.stage = 'handshake'
    const { host } = this.target
    const secured: TLSSocket = await this.connector.secure(socket, { tlsHost: host, signal: this.signal })
    this.socket = secured
    const peer = viewPeerCertificate(secured, host)
    const protocol = secured.getProtocol()
    if (!peer || !protocol) throw new ConnectionError('protocol')
    this.seen.tls = { protocol, peer }
    return new Lines(secured, this.signal)
  }

  private async readGreeting(lines: Lines): Promise<void> {
    this.seen.stage = 'greeting'
    this.seen.greeting = printable(await this.dialect.greeting(lines))
  }

  private async readCapabilities(lines: Lines): Promise<string[]> {
    const { name, capabilities } = await this.dialect.capabilities(lines)
    this.seen.name = name ?? this.seen.name
    return capabilities
  }
}
