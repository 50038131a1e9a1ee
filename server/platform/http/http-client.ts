import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { startDeadline } from '../deadline'
import { createConnector, hostOf, openConnection, type ConnectorOptions } from './connect'
import { ConnectionError, faultIn } from './connection-fault'
import { Exchange } from './exchange'
import { isValidPeer, viewPeerCertificate } from './peer-certificate'
import type { PeerCertificateView } from './tls'
import type { HttpClient, HttpResult, HttpTarget } from './types'
import { Visit } from './visit'

/**
 * HTTP/1.1 to one given address. Redirects are results, not followed.
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
    let exchange: Exchange | undefined
    try {
      socket = await openConnection(connector, target, deadline.signal)
      if (socket instanceof TLSSocket) tls = viewPeerCertificate(socket, hostOf(target.url)) ?? undefined
      if (tls && target.verifyTls && !isValidPeer(tls)) throw new ConnectionError('tls-invalid')
      exchange = new Exchange(socket, target.url.origin)
      const reply = await exchange.send(target, deadline.signal)
      return { ok: true, ...reply, address, latencyMs: performance.now() - startedAt, tls }
    } catch (error) {
      return { ok: false, fault: faultIn(error, deadline.signal), address, latencyMs: performance.now() - startedAt, tls }
    } finally {
      await exchange?.close()
      socket?.destroy()
      deadline.close()
    }
  }

  return { request, visit: () => new Visit(connector) }
}
