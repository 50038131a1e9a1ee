import { startDeadline } from '../deadline'
import { createConnector, type ConnectorOptions } from './connect'
import { ConnectionError } from './connection-fault'
import { viewPeerCertificate } from './peer-certificate'
import type { TlsClient, TlsResult, TlsTarget } from './types'

/** A client that shakes hands and leaves. @throws TypeError when a network of `allowNets` is not one. */
export function createTlsClient(options: ConnectorOptions): TlsClient {
  const connector = createConnector(options)

  async function handshake({ host, address, port, ownAddresses, timeoutMs, signal }: TlsTarget): Promise<TlsResult> {
    const startedAt = performance.now()
    const deadline = startDeadline(timeoutMs, signal)
    const about = () => ({ address, port, latencyMs: performance.now() - startedAt })
    try {
      const socket = await connector.tls({ address, port, ownAddresses, tlsHost: host, signal: deadline.signal })
      const peer = viewPeerCertificate(socket, host)
      const protocol = socket.getProtocol()
      // Not cut off: what is left of the handshake still goes out, or the peer would log a failure.
      socket.destroySoon()
      return peer && protocol ? { ok: true, ...about(), protocol, peer } : { ok: false, ...about(), fault: 'protocol' }
    } catch (error) {
      return { ok: false, ...about(), fault: error instanceof ConnectionError ? error.fault : 'protocol' }
    } finally {
      deadline.close()
    }
  }

  return { handshake }
}
