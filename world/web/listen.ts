import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { StandIn } from '#server/platform/stand-ins'

export interface Listener {
  address: string
  server: Server
}

/** Servers that share one port number at several addresses, and can be ended at once. */
export class PortGroup {
  /** Connections taken so far. */
  taken = 0
  private readonly sockets = new Set<Socket>()

  private constructor(
    readonly port: number,
    private readonly listeners: Listener[],
  ) {}

  /**
   * Listens at every address with the same port; 0 chooses one that is free at all of them and at those of `keepFree`, where nothing
   * may listen. Throws what `listen` throws when a fixed port is taken.
   */
  static async open(listeners: Listener[], port: number, keepFree: string[] = []): Promise<PortGroup> {
    for (let attempt = 0; ; attempt++) {
      const probes = keepFree.map((address): Listener => ({ address, server: createServer() }))
      try {
        const chosen = await listenAll([...listeners, ...probes], port)
        await Promise.all(probes.map((probe) => closeServer(probe.server)))
        return new PortGroup(chosen, listeners).watch()
      } catch (error) {
        await Promise.all([...listeners, ...probes].map(({ server }) => closeServer(server)))
        if (port !== 0 || attempt === 19) throw error
      }
    }
  }

  /** These servers as what is at `port` of their addresses. */
  standIns(port: number): StandIn[] {
    return this.listeners.map(({ address }) => ({ address, port, at: this.port }))
  }

  async close() {
    for (const socket of this.sockets) socket.destroy()
    await Promise.all(this.listeners.map(({ server }) => closeServer(server)))
  }

  private watch() {
    for (const { server } of this.listeners)
      server.on('connection', (socket: Socket) => {
        this.taken++
        this.sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => this.sockets.delete(socket))
      })
    return this
  }
}

async function listenAll(listeners: Listener[], port: number): Promise<number> {
  let chosen = port
  for (const { address, server } of listeners) {
    server.listen(chosen, address)
    await once(server, 'listening')
    chosen = (server.address() as AddressInfo).port
  }
  return chosen
}

const closeServer = (server: Server) => new Promise<void>((done) => (server.listening ? server.close(() => done()) : done()))
