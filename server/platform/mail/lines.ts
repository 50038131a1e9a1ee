import type { Socket } from 'node:net'
import { ConnectionError } from '../http/connection-fault'
import type { MailFault } from './types'

/** Carries a fault out of a conversation. `reply` is what the peer said, when it declined. */
export class MailError extends Error {
  constructor(
    readonly fault: MailFault,
    readonly reply: string | null = null,
  ) {
    super(fault)
  }
}

/** RFC 5321 §4.5.3.1.5 gives a reply line 512 octets; IMAP's lists of capabilities are longer. */
const MAX_LINE_OCTETS = 8 * 1024
/** Of the whole conversation in one direction. */
const MAX_OCTETS = 64 * 1024
export const MAX_REPLY_LINES = 100

/** The lines of a peer, one after the other, within bounds. */
export class Lines {
  private pending = Buffer.alloc(0)
  private octets = 0
  private fault: MailFault | null = null
  private wake: () => void = () => {}

  /** @param signal ends waiting; the socket stays the caller's to end. */
  constructor(
    private readonly socket: Socket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('data', this.onData)
    socket.on('end', this.onEnd)
    socket.on('close', this.onEnd)
    signal.addEventListener('abort', this.onAbort, { once: true })
    if (signal.aborted) this.onAbort()
  }

  /** The next line without its end. @throws MailError timeout, reset, flood */
  async next(): Promise<string> {
    for (;;) {
      const end = this.pending.indexOf(0x0a)
      if (end > MAX_LINE_OCTETS || (end < 0 && this.pending.length > MAX_LINE_OCTETS)) throw new MailError('flood')
      if (end >= 0) return this.take(end)
      if (this.fault) throw new MailError(this.fault)
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  send(line: string): void {
    if (!this.socket.destroyed) this.socket.write(`${line}\r\n`)
  }

  /** Lets go of the socket. True when the peer had said more than was read. */
  release(): boolean {
    this.socket.off('data', this.onData).off('end', this.onEnd).off('close', this.onEnd).pause()
    this.signal.removeEventListener('abort', this.onAbort)
    return this.pending.length > 0
  }

  private take(end: number): string {
    const line = this.pending.toString('latin1', 0, end).replace(/\r$/, '')
    this.pending = this.pending.subarray(end + 1)
    return line
  }

  private readonly onData = (chunk: Buffer) => {
    this.octets += chunk.length
    if (this.octets > MAX_OCTETS) return this.end('flood')
    this.pending = Buffer.concat([this.pending, chunk])
    this.wake()
  }
  private readonly onEnd = () => this.end('reset')
  private readonly onAbort = () => this.end('timeout')

  private end(fault: MailFault) {
    this.fault ??= fault
    if (fault === 'flood') this.socket.pause()
    this.wake()
  }
}

/** The fault that an error stands for; what is not ours was thrown by the connection. */
export function mailFaultOf(error: unknown): MailFault {
  return error instanceof MailError || error instanceof ConnectionError ? error.fault : 'protocol'
}

/** What a peer said, fit to be shown: one line of printable ASCII, cut at 300 characters. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300)
}
