import { writeFile } from 'node:fs/promises'
import type { StandIn } from '#server/platform/stand-ins'
import { mailHostBody, syntheticDomains, worldDomain, type MailHostBody, type WorldDomain, type WorldTenant } from './bodies'
import { adminStates } from './carbonio/admin'
import { makeDkimKeys } from './dkim-keys'
import { DnsFaults, type DnsFault } from './dns/faults'
import { startNameServers } from './dns/servers'
import { Zones } from './dns/zones'
import { startMailServers, type MailPorts } from './mail/servers'
import { MAIL_HOST_KEYS, PARTNERS, PLACES, TENANTS, mailHost, type MailHostKey } from './provider'
import { STORIES } from './stories'
import { SyntheticDomains } from './synthetic'
import type { Behaviour } from './web/behaviours'
import { CertificateMint } from './web/certificates'
import { startWebServers } from './web/servers'
import { SiteTable } from './web/sites'
import { loadZones } from './zone-data'

export type { WorldDomain } from './bodies'
export type { DnsFault } from './dns/faults'

export interface WorldOptions {
  /** Fixed ports, for a demo whose settings outlive one start; 0 or nothing chooses free ones. Both resolvers use `dns`. */
  ports?: { dns?: number; https?: number; http?: number; admin?: number }
  /** Addresses of the two resolvers; `::1` works as well. */
  resolvers?: [string, string]
  /** Added to every DNS answer, TLS handshake and HTTP answer, milliseconds. */
  delayMs?: number
  /** Webmail names of healthy domains (see `addHealthyDomains`) that share one certificate; 25 when not said. */
  namesPerCertificate?: number
  /** Writes the root certificate there (PEM), for NODE_EXTRA_CA_CERTS. */
  caFile?: string
}

interface WorldFaults {
  /**
   * Breaks the resolvers, or mends it with null. Without `zone` for every name, the canary's too; `{ resolver: 0 | 1 }` breaks one of
   * the two only. Null with a zone also heals a zone whose story is that it is broken.
   */
  dns(fault: DnsFault | null, zone?: string | { resolver: 0 | 1 }): void
  /** Turns the health of a mail host (by its name) off or on. */
  health(mailHostName: string, healthy: boolean): void
  /** Makes every site of this host name behave so; null is what its story says. */
  web(name: string, behaviour: Behaviour | null): void
}

export interface World {
  /** `ip:port` of the two resolvers, for VIGIA_DNS_SERVERS. */
  resolvers: [string, string]
  /** For VIGIA_ALLOW_NETS: all of the world is on loopback. */
  allowNets: string[]
  caPem: string
  ports: { https: number; http: number; admin: number } & MailPorts
  /** Where the world really listens for ports that nobody may use here. */
  standIns: StandIn[]
  faults: WorldFaults
  /** `set(name, type, values)` edits a zone while the world runs; an empty list removes. */
  zones: Pick<Zones, 'set' | 'get'>
  mailHosts(): MailHostBody[]
  partners(): { slug: string; name: string }[]
  tenants(): WorldTenant[]
  domains(): WorldDomain[]
  /** Makes `n` healthy domains exist (also when called again: `n` in all) and returns them with their tenants. Nothing is stored per domain. */
  addHealthyDomains(n: number): { tenants: WorldTenant[]; domains: WorldDomain[] }
  /** Mints the certificates of those domains now, and not when first asked for: a few milliseconds each. */
  mintCertificates(): Promise<void>
  /** DNS questions received so far, both resolvers together. */
  dnsQuestions(): number
  /** Connections taken so far by the web servers, by kind of port. */
  webConnections(): { https: number; http: number; admin: number }
  close(): Promise<void>
}

/**
 * Starts the sample provider on loopback: two resolvers, web servers, admin services. Nothing in it reaches outside, and nothing is
 * written unless `caFile` says so. Throws when a fixed port is taken. Needs 127.0.0.0/8 (any Linux) and ::1.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const delayMs = () => options.delayMs ?? 0
  const [mint, keys] = await Promise.all([CertificateMint.create(Date.now()), makeDkimKeys()])
  const synthetic = new SyntheticDomains(options.namesPerCertificate)
  const faults = { resolvers: new DnsFaults(), servers: new DnsFaults() }
  const zones = new Zones()
  zones.addPattern(synthetic.zonePattern(keys))
  loadZones(zones, faults, keys)

  const unhealthy = new Set(MAIL_HOST_KEYS.filter((key) => mailHost(key).unhealthy))
  const overrides = new Map<string, Behaviour>()
  const table = await SiteTable.create(mint, synthetic)
  const web = await startWebServers({
    table,
    ports: { https: 0, http: 0, admin: 0, ...options.ports },
    delayMs,
    healthy: (key) => !unhealthy.has(key),
    override: (name) => overrides.get(name),
    admin: adminStates(synthetic),
  })
  const mail = await startMailServers(table, mint)
  const resolvers = options.resolvers ?? ([PLACES.resolverA, PLACES.resolverB] as const)
  const startNames = () => startNameServers({ zones, faults, resolvers, port: options.ports?.dns ?? 0, delayMs })
  const names = await startNames().catch(async (error: unknown) => {
    await Promise.all([web.close(), mail.close()])
    throw error
  })
  if (options.caFile) await writeFile(options.caFile, mint.caPem)
  return {
    resolvers: names.resolvers,
    allowNets: ['127.0.0.0/8', '::1/128'],
    caPem: mint.caPem,
    ports: { ...web.ports, ...mail.ports },
    standIns: [...web.standIns, ...mail.standIns, ...names.standIns],
    zones,
    faults: switches(faults.resolvers, unhealthy, overrides),
    mailHosts: () => MAIL_HOST_KEYS.map((key) => mailHostBody(key, web.ports)),
    partners: () => PARTNERS.map((partner) => ({ ...partner })),
    tenants: () => TENANTS.map(({ slug, name, plan, partner }) => ({ body: { slug, name, plan }, partner })),
    domains: () => STORIES.map((story) => worldDomain(story, keys)),
    addHealthyDomains: (n) => syntheticDomains(synthetic, keys, n),
    mintCertificates: () => table.mintSynthetic(),
    dnsQuestions: () => names.asked(),
    webConnections: web.connections,
    close: async () => void (await Promise.all([web.close(), mail.close(), names.close()])),
  }
}

function switches(faults: DnsFaults, unhealthy: Set<MailHostKey>, overrides: Map<string, Behaviour>): WorldFaults {
  return {
    dns(fault, zone) {
      if (typeof zone === 'object') faults.set(fault, null, zone.resolver)
      else faults.set(fault, zone?.toLowerCase() ?? null)
    },
    health(name, healthy) {
      const key = MAIL_HOST_KEYS.find((candidate) => mailHost(candidate).name === name)
      if (!key) throw new Error(`no mail host is called ${name}`)
      if (healthy) unhealthy.delete(key)
      else unhealthy.add(key)
    },
    web(name, behaviour) {
      if (behaviour) overrides.set(name, behaviour)
      else overrides.delete(name)
    },
  }
}
