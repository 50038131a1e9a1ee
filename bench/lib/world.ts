import { join } from 'node:path'
import type { World } from '../../world'
import { startChild } from './child'

/** Added to each DNS answer, TLS handshake and HTTP answer. */
export const DELAY_MS = 20

export interface WorldPlace extends Pick<World, 'resolvers' | 'allowNets' | 'ports'> {
  sample: ReturnType<World['addHealthyDomains']> & { partners: []; mailHosts: ReturnType<World['mailHosts']> }
}

/** What the world received so far: DNS questions, and connections of its web servers. */
export interface Traffic {
  dnsQuestions: number
  connections: number
}

export interface BenchWorld extends WorldPlace {
  /** Settings of a process that looks at it. */
  env: Record<string, string>
  traffic(): Promise<Traffic>
  end(): Promise<void>
}

/** Starts the sample world with `domains` healthy ones in a process of its own: its work is not that of the portal. */
export async function startBenchWorld(dataDir: string, domains: number): Promise<BenchWorld> {
  const caFile = join(dataDir, 'world-ca.pem')
  const child = startChild('world', { DELAY_MS: String(DELAY_MS), DOMAINS: String(domains), CA_FILE: caFile })
  const place = await child.next<WorldPlace>()
  return {
    ...place,
    env: {
      NODE_EXTRA_CA_CERTS: caFile,
      VIGIA_ALLOW_NETS: place.allowNets.join(','),
      VIGIA_DATA_DIR: dataDir,
      VIGIA_DNS_SERVERS: place.resolvers.join(','),
    },
    traffic() {
      child.send({})
      return child.next<Traffic>()
    },
    end: () => child.end(),
  }
}
