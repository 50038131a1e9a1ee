import type { Socket } from 'node:net'
import { Client } from 'undici'
import { ConnectionError } from './connection-fault'
import type { HttpTarget } from './types'

const DEFAULT_MAX_BODY_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 32 * 1024
/** No `accept-encoding`: the body is judged as it comes, and a packed one could grow beyond its limit. */
const DEFAULT_HEADERS = { 'user-agent': 'vigia', accept: '*/*', 'accept-encoding': 'identity' }

/** One for all, for each of its own would carry a stack that nobody reads. */
const CLOSED = new Error('The connection is closed')

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
  async send(target: Message, signal: AbortSignal): Promise<Reply> {
    const response = await this.client.request({
      path: target.url.pathname + target.url.search,
      method: target.method ?? 'GET',
      headers: { ...DEFAULT_HEADERS, ...target.headers },
      body: target.body,
      signal,
    })
    const { octets, truncated } = await readBody(response.body, target.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES)
    const body = octets.toString(target.binary ? 'latin1' : 'utf8')
    return { status: response.statusCode, headers: plainHeaders(response.headers), body, truncated }
  }

  async close(): Promise<void> {
    // Before the client, which would end it with an error: a stack for each connection, written out in full.
    this.socket.destroy()
    await this.client.destroy(CLOSED)
  }
}

async function readBody(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ octets: Buffer; truncated: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) break
  }
  return { octets: Buffer.concat(chunks).subarray(0, maxBytes), truncated: size > maxBytes }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}
