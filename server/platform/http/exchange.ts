import type { Socket } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import { ConnectionError } from './connection-fault'
import type { HttpTarget } from './types'

const DEFAULT_MAX_BODY_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 32 * 1024
/** No `accept-encoding`: the body is judged as it comes, and a packed one could grow beyond its limit. */
const DEFAULT_HEADERS = { 'user-agent': 'vigia', accept: '*/*', 'accept-encoding': 'identity' }

/** One for all, for each of its own would carry a stack that nobody reads. */
const CLOSED = new Error('The exchange is over')

/** What is sent and how much of the answer is read; the address is the connection's. */
export type Message = Pick<HttpTarget, 'url' | 'method' | 'headers' | 'body' | 'maxBodyBytes' | 'binary'>

export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
  truncated: boolean
}

/** HTTP/1.1 over a connection that is open already, so that undici neither resolves nor connects by itself. */
export class Exchange {
  private readonly client: Client

  constructor(
    private readonly socket: Socket,
    origin: string,
  ) {
    let used = false
    this.client = new Client(origin, {
      connect(_options, callback) {
        // undici connects anew once the peer hung up; there is no second connection here.
        if (used) return callback(new ConnectionError('reset'), null)
        used = true
        // Not at once: undici does not start on the request when it is called back while it is connecting.
        queueMicrotask(() => callback(null, socket))
      },
      maxHeaderSize: MAX_HEADER_BYTES,
      // The one deadline covers them.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** One request; another may follow while the peer keeps the connection. Rejects with what `faultOf` reads. */
  send(target: Message, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const reader = new ReplyReader(target, signal, { resolve, reject })
      const { url, method = 'GET', body } = target
      const path = url.pathname + url.search
      this.client.dispatch({ path, method, headers: { ...DEFAULT_HEADERS, ...target.headers }, body }, reader)
    })
  }

  async close(): Promise<void> {
    // Before the client, which would end it with an error: a stack for each connection, written out in full.
    this.socket.destroy()
    await this.client.destroy(CLOSED)
  }
}

/** Takes one reply as undici reads it: a stream for each, as `request` makes it, costs more than the reply. */
class ReplyReader implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined
  private head = { status: 0, headers: {} as Record<string, string> }
  private readonly chunks: Buffer[] = []
  private octets = 0

  constructor(
    private readonly target: Message,
    private readonly signal: AbortSignal,
    private readonly promise: { resolve(reply: Reply): void; reject(reason: unknown): void },
  ) {
    signal.addEventListener('abort', this.onAbort, { once: true })
    if (signal.aborted) this.onAbort()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.signal.aborted) controller.abort(CLOSED)
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    // Interim ones (1xx) come before the one that counts.
    if (status >= 200) this.head = { status, headers: plainHeaders(headers) }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk)
    this.octets += chunk.length
    if (this.octets <= this.maxOctets) return
    this.end(true)
    controller.abort(CLOSED)
  }

  onResponseEnd(): void {
    this.end(false)
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(error)
  }

  private readonly onAbort = (): void => {
    this.fail(CLOSED)
    this.controller?.abort(CLOSED)
  }

  private get maxOctets(): number {
    return this.target.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  }

  private end(truncated: boolean): void {
    this.signal.removeEventListener('abort', this.onAbort)
    const body = Buffer.concat(this.chunks)
      .subarray(0, this.maxOctets)
      .toString(this.target.binary ? 'latin1' : 'utf8')
    this.promise.resolve({ ...this.head, body, truncated })
  }

  private fail(error: unknown): void {
    this.signal.removeEventListener('abort', this.onAbort)
    this.promise.reject(error)
  }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(', ') : (value ?? ''))
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, plain(value)]))
}
