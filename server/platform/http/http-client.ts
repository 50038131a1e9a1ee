import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Client } from 'undici'
import { startDeadline } from '../deadline'
import { ConnectionError, createConnector, type Connector, type ConnectorOptions } from './connect'
import { faultOf } from './connection-fault'
import { viewPeerCertificate } from './peer-certificate'
import type { PeerCertificateView } from './tls'
import type { ConnectionFault, HttpClient, HttpResult, HttpTarget } from './types'

const DEFAULT_MAX_BODY_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 32 * 1024
/** No `accept-encoding`: the body is judged as it comes, and a packed one could grow beyond its limit. */
const DEFAULT_HEADERS = { 'user-agent': 'vigia', accept: '*/*', 'accept-encoding': 'identity' }

/**
 * HTTP/1.1 to one given address, one connection per exchange. Redirects are results, not followed.
 * @throws TypeError when a network of `allowNets` is not one.
 */
export function createHttpClient(options: ConnectorOptions): HttpClient {
  const connector = createConnector(options)

  async function request(target: HttpTarget): Promise<HttpResult> {
    const startedAt = performance.now()
    const deadline = startDeadline(target.timeoutMs, target.signal)
    const { address } = target
    let tls: PeerCertificateView | undefined
    let socket: Socket | undefined
    try {
      socket = await openConnection(connector, target, deadline.signal)
      if (socket instanceof TLSSocket) tls = viewPeerCertificate(socket, hostOf(target.url)) ?? undefined
      if (tls && target.verifyTls && !isValid(tls)) throw new ConnectionError('tls-invalid')
      const reply = await exchange(socket, target, deadline.signal)
      return { ok: true, ...reply, address, latencyMs: performance.now() - startedAt, tls }
    } catch (error) {
      return { ok: false, fault: faultIn(error, deadline.signal), address, latencyMs: performance.now() - startedAt, tls }
    } finally {
      socket?.destroy()
      deadline.close()
    }
  }

  return { request }
}

function openConnection(connector: Connector, { url, address, ownAddresses }: HttpTarget, signal: AbortSignal): Promise<Socket> {
  const port = Number(url.port)
  if (url.protocol === 'https:') {
    return connector.tls({ address, port: port || 443, ownAddresses, signal, tlsHost: hostOf(url) })
  }
  if (url.protocol === 'http:') return connector.tcp({ address, port: port || 80, ownAddresses, signal })
  return Promise.reject(new ConnectionError('protocol'))
}

/** Sends the request on a connection that is open already, so that undici neither resolves nor connects by itself. */
async function exchange(socket: Socket, target: HttpTarget, signal: AbortSignal) {
  let used = false
  const client = new Client(target.url.origin, {
    connect(_options, callback) {
      // undici connects anew when the peer hung up before the request was written; there is no second connection.
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
  try {
    const response = await client.request({
      path: target.url.pathname + target.url.search,
      method: target.method ?? 'GET',
      headers: { ...DEFAULT_HEADERS, ...target.headers },
      body: target.body,
      signal,
    })
    const { body, truncated } = await readBody(response.body, target.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES)
    return { status: response.statusCode, headers: plainHeaders(response.headers), body, truncated }
  } finally {
    await client.destroy()
  }
}

async function readBody(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ body: string; truncated: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) break
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), truncated: size > maxBytes }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}

function isValid(tls: PeerCertificateView): boolean {
  return tls.trustError === null && tls.nameMatches
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function faultIn(error: unknown, signal: AbortSignal): ConnectionFault {
  if (error instanceof ConnectionError) return error.fault
  return signal.aborted ? 'timeout' : faultOf(error)
}
