import type { Exchange } from './exchange'
import type { PeerCertificateView } from './tls'

/** A connection that is open, with what its handshake showed. */
export interface Connection {
  exchange: Exchange
  tls?: PeerCertificateView
}

/** As many as serve the domains that are looked at side by side. */
const MAX_KEPT = 16

/** Connections that wait for one more request to the same peer. The HTTP library ends those that wait for longer than some seconds. */
export class KeptConnections {
  private readonly waiting = new Map<string, Connection[]>()

  /** The one that was used last: the most likely to be open still. */
  take(key: string): Connection | undefined {
    const own = this.waiting.get(key)
    const taken = own?.pop()
    if (own?.length === 0) this.waiting.delete(key)
    return taken
  }

  async give(key: string, connection: Connection): Promise<void> {
    const own = this.waiting.get(key) ?? []
    this.waiting.set(key, own)
    own.push(connection)
    if (own.length > MAX_KEPT) await own.shift()!.exchange.close()
  }
}
