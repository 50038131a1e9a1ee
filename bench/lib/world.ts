import { join } from 'node:path'
import type { World } from '../../world'
import { startChild } from './child'

/** Added to each DNS answer, TLS handshake and HTTP answer. */
export const DELAY_MS = 20

export interface WorldPlace extends Pick<World, 'resolvers' | 'allowNets' | 'ports'> {
  sample: ReturnType<World['addHealthyDomains']> & { partners: []; mailHosts: ReturnType<World['mailHosts']> }
}

/** What the world received: DNS questions, and connections of its web servers. */
export interface Traffic {
  dnsQuestions: number
  tls: number
  plain: number
}

export interface BenchWorldOptions {
  domains: number
  /** Each webmail name has a certificate of its own, as most have; else 25 share one, which is made sooner. */
  ownCertificates?: boolean
  /** The domains are spread over so many mail hosts; all of them are the same machine under other names. */
  mailHosts?: number
}

export interface BenchWorld extends WorldPlace {
  /** Settings of a process that looks at it. */
  env: Record<string, string>
  /** What came since this was last asked. */
  traffic(): Promise<Traffic>
  end(): Promise<void>
}

/** Starts the sample world with healthy domains in a process of its own: its work is not that of the portal. */
export async function startBenchWorld(dataDir: string, options: BenchWorldOptions): Promise<BenchWorld> {
  const { domains, ownCertificates = false, mailHosts } = options
  const caFile = join(dataDir, 'world-ca.pem')
  const own = { OWN_CERTIFICATES: String(ownCertificates) }
  const child = startChild('world', { DELAY_MS: String(DELAY_MS), DOMAINS: String(domains), CA_FILE: caFile, ...own })
  const place = await child.next<WorldPlace>()
  return {
    ...place,
    sample: mailHosts ? spread(place.sample, mailHosts) : place.sample,
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

/** The same domains over `count` mail hosts in turn. */
function spread(sample: WorldPlace['sample'], count: number): WorldPlace['sample'] {
  const original = sample.mailHosts.find(({ name }) => name === sample.domains[0]?.mailHost)!
  const mailHosts = Array.from({ length: count }, (_, n) => ({ ...original, name: `Mail host ${n}` }))
  const domains = sample.domains.map((domain, n) => ({ ...domain, mailHost: mailHosts[n % count]!.name }))
  return { ...sample, mailHosts, domains }
}
