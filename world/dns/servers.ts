import type { StandIn } from '#server/platform/stand-ins'
import { PLACES } from '../provider'
import { DnsFaults } from './faults'
import { startNameServer, type NameServer, type NameServerOptions } from './server'
import type { Zones } from './zones'

export interface NameServersOptions {
  zones: Zones
  /** What is wrong with the resolvers, and with the zones' own servers. */
  faults: { resolvers: DnsFaults; servers: DnsFaults }
  resolvers: readonly [string, string]
  /** Of both resolvers; 0 chooses a free one for each. */
  port: number
  delayMs(): number
}

export interface NameServers {
  /** `ip:port` of the two resolvers. */
  resolvers: [string, string]
  /** The servers that stand for port 53 of theirs. */
  standIns: StandIn[]
  /** Questions to the resolvers so far. */
  asked(): number
  close(): Promise<void>
}

/** Two resolvers, the root's server, and the two servers of all other zones. Throws when a fixed port is taken. */
export async function startNameServers({ zones, faults, resolvers, port, delayMs }: NameServersOptions): Promise<NameServers> {
  const started: NameServer[] = []
  const close = async () => void (await Promise.all(started.map((server) => server.close())))
  const start = async (options: Omit<NameServerOptions, 'delayMs'>) => {
    const server = await startNameServer({ ...options, delayMs })
    started.push(server)
    return server
  }
  const resolver = (index: 0 | 1) => {
    const options = { index, address: resolvers[index], port, faults: faults.resolvers, recursive: true }
    return start({ ...options, say: (name, type) => zones.lookup(name, type) })
  }
  const own = async (address: string, say: NameServerOptions['say'], broken = new DnsFaults()): Promise<StandIn> => {
    const server = await start({ address, say, faults: broken, index: 0, port: 0, recursive: false })
    return { address, port: 53, at: server.port }
  }
  try {
    const [first, second] = [await resolver(0), await resolver(1)]
    const standIns = [await own(PLACES.rootServer, (name, type) => zones.sayAsRoot(name, type))]
    for (const address of PLACES.nameServers)
      standIns.push(await own(address, (name, type) => zones.sayAsServer(name, type), faults.servers))
    return {
      ...{ resolvers: [first.endpoint, second.endpoint], standIns, close },
      asked: () => first.asked() + second.asked(),
    }
  } catch (error) {
    await close()
    throw error
  }
}
