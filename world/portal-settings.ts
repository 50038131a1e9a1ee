import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '.'

/** Writes the world's root certificate and its sample into `folder`, and returns the settings of a portal that looks at this world. */
export function portalSettings(world: World, folder: string): Record<string, string> {
  const [caFile, sampleFile] = [join(folder, 'world-ca.pem'), join(folder, 'sample-world.json')]
  const { standIns } = world
  const bodies = { partners: world.partners(), mailHosts: world.mailHosts(), tenants: world.tenants(), domains: world.domains() }
  writeFileSync(caFile, world.caPem)
  // It holds the passwords of the sample's mail hosts.
  writeFileSync(sampleFile, JSON.stringify({ standIns, ...bodies }), { mode: 0o600 })
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    VIGIA_ALLOW_NETS: world.allowNets.join(','),
    VIGIA_DEMO: sampleFile,
    VIGIA_DNS_SERVERS: world.resolvers.join(','),
  }
}
