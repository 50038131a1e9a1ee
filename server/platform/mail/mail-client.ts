import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { startDeadline } from '../deadline'
import { createConnector, type Connector, type ConnectorOptions } from '../http/connect'
import { ConnectionError } from '../http/connection-fault'
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
    const dialect = dialects[target.protocol]
    const conversation = new Conversation(connector, target, { dialect, seen, signal: deadline.signal })
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
    private readonly part: { dialect: Dialect; seen: MailLook; signal: AbortSignal },
  ) {}

  /** @throws MailError and ConnectionError where it ends early */
  async hold(): Promise<void> {
    const { address, port, ownAddresses, security } = this.target
    this.socket = await this.connector.tcp({ address, port, ownAddresses, signal: this.part.signal })
    const lines = security === 'implicit' ? await this.secure(this.socket) : await this.talkInClear(this.socket)
    if (!lines) return
    if (security === 'implicit') await this.readGreeting(lines)
    this.part.seen.stage = 'secured'
    this.part.seen.secured = await this.readCapabilities(lines)
    this.part.dialect.leave(lines)
  }

  end(): void {
    // What was said last still goes out, unless the peer does not read.
    if (this.part.seen.stage === 'done') this.socket?.destroySoon()
    else this.socket?.destroy()
  }

  /** Until TLS begins; null when it does not. */
  private async talkInClear(socket: Socket): Promise<Lines | null> {
    const lines = new Lines(socket, this.part.signal)
    await this.readGreeting(lines)
    this.part.seen.stage = 'capabilities'
    this.part.seen.plain = await this.readCapabilities(lines)
    this.part.seen.stage = 'starttls'
    this.part.seen.startTls = await this.askForTls(lines, this.part.seen.plain)
    if (this.part.seen.startTls === 'accepted') return this.secure(socket)
    if (this.part.seen.startTls !== 'injected') this.part.dialect.leave(lines)
    return null
  }

  private async askForTls(lines: Lines, offered: string[]): Promise<MailLook['startTls']> {
    if (!offered.includes('STARTTLS')) return 'absent'
    try {
      await this.part.dialect.startTls(lines)
    } catch (error) {
      if (!(error instanceof MailError) || error.fault !== 'declined') throw error
      this.part.seen.reply = error.reply
      return 'declined'
    }
    // RFC 3207 §4: the next thing on the wire is our ClientHello. What came in clear before must not pass for something said under TLS.
    return lines.release() ? 'injected' : 'accepted'
  }

  private async secure(socket: Socket): Promise<Lines> {
    this.part.seen.stage = 'handshake'
    const { host } = this.target
    const secured: TLSSocket = await this.connector.secure(socket, { tlsHost: host, signal: this.part.signal })
    this.socket = secured
    const peer = viewPeerCertificate(secured, host)
    const protocol = secured.getProtocol()
    if (!peer || !protocol) throw new ConnectionError('protocol')
    this.part.seen.tls = { protocol, peer }
    return new Lines(secured, this.part.signal)
  }

  private async readGreeting(lines: Lines): Promise<void> {
    this.part.seen.stage = 'greeting'
    this.part.seen.greeting = printable(await this.part.dialect.greeting(lines))
  }

  private async readCapabilities(lines: Lines): Promise<string[]> {
    const { name, capabilities } = await this.part.dialect.capabilities(lines)
    this.part.seen.name = name ?? this.part.seen.name
    return capabilities
  }
}
