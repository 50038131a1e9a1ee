import { TLSSocket } from 'node:tls'
import { startDeadline } from '../deadline'
import { createConnector, hostOf, openConnection, type ConnectorOptions } from './connect'
import { ConnectionError, faultIn } from './connection-fault'
import { Exchange } from './exchange'
import { type Connection, KeptConnections } from './kept-connections'
import { isValidPeer, viewPeerCertificate } from './peer-certificate'
import type { HttpClient, HttpResult, HttpTarget } from './types'
import { Visit } from './visit'

/**
 * HTTP/1.1 to one given address. Redirects are results, not followed.
 * @throws TypeError when a network of `allowNets` is not one.
 */
export function createHttpClient(options: ConnectorOptions): HttpClient {
  const connector = createConnector(options)
  const kept = new KeptConnections()

  async function request(target: HttpTarget): Promise<HttpResult> {
    const known = target.keep ? kept.take(keyOf(target)) : undefined
    const first = known && (await requestOver(target, known))
    // A peer may end a kept connection at any time (RFC 9112 §9.3.1): that says nothing about it.
    return first && (first.ok || first.fault !== 'reset') ? first : requestOver(target)
  }

  async function requestOver(target: HttpTarget, known?: Connection): Promise<HttpResult> {
    const startedAt = performance.now()
    const deadline = startDeadline(target.timeoutMs, target.signal)
    const about = () => ({ address: target.address, latencyMs: performance.now() - startedAt, tls: connection?.tls })
    let connection = known
    let isKept = false
    try {
      connection ??= await open(target, deadline.signal)
      const { tls } = connection
      if (tls && target.verifyTls && !isValidPeer(tls)) throw new ConnectionError('tls-invalid')
      const reply = await connection.exchange.send(target, deadline.signal)
      isKept = target.keep === true && !reply.truncated
      return { ok: true, ...reply, ...about() }
    } catch (error) {
      return { ok: false, fault: faultIn(error, deadline.signal), ...about() }
    } finally {
      if (connection) await (isKept ? kept.give(keyOf(target), connection) : connection.exchange.close())
      deadline.close()
    }
  }

  async function open(target: HttpTarget, signal: AbortSignal): Promise<Connection> {
    const socket = await openConnection(connector, target, signal)
    const tls = socket instanceof TLSSocket ? viewPeerCertificate(socket, hostOf(target.url)) : null
    return { exchange: new Exchange(socket, target.url.origin), tls: tls ?? undefined }
  }

  return { request, visit: () => new Visit(connector) }
}

/** What may be reached by a connection is part of it: an address that is allowed to one caller may not be to another. */
const keyOf = ({ url, address, ownAddresses = [] }: HttpTarget) => `${url.origin} ${address} ${ownAddresses.join()}`
