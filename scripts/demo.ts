// npm run demo [-- --empty]: the portal beside the sample world. Faults can be switched by typing; `help` lists them.
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorld } from '../world'
import { fail } from './lib/cli'
import { listenForFaults } from './lib/demo-console'
import { launch, loadEnvFile, whenHealthy } from './lib/launch'
import { ROOT } from './lib/prepare.mjs'

try {
  loadEnvFile()
  // A demo begins anew each time: its world has new keys and certificates.
  const dataDir = join(ROOT, 'data/demo')
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  const caFile = join(dataDir, 'world-ca.pem')
  const sampleFile = join(dataDir, 'sample-world.json')
  const world = await startWorld({ caFile })
  const sample = { partners: world.partners(), mailHosts: world.mailHosts(), tenants: world.tenants(), domains: world.domains() }
  writeFileSync(sampleFile, JSON.stringify(sample), { mode: 0o600 })
  const token = randomBytes(24).toString('hex')
  const portal = await launch({
    ...process.env,
    AUDIT_INTERVAL_SEC: process.env.AUDIT_INTERVAL_SEC ?? '60',
    NODE_EXTRA_CA_CERTS: caFile,
    VIGIA_ALLOW_NETS: world.allowNets.join(','),
    VIGIA_BOOTSTRAP_TOKEN: process.env.VIGIA_BOOTSTRAP_TOKEN ?? token,
    VIGIA_DATA_DIR: dataDir,
    VIGIA_DEMO: sampleFile,
    VIGIA_DNS_SERVERS: world.resolvers.join(','),
  })
  await whenHealthy(portal)
  if (!process.argv.includes('--empty')) {
    const answer = await fetch(`${portal.config.baseUrl}/api/v1/demo/load`, {
      method: 'POST',
      headers: { authorization: `Bearer ${process.env.VIGIA_BOOTSTRAP_TOKEN ?? token}` },
    })
    if (!answer.ok) throw new Error(`The sample world was not loaded: ${await answer.text()}`)
  }
  console.log(`\n  Vigia runs on ${portal.config.baseUrl} beside the sample world. Type help for the faults.\n`)
  listenForFaults(world)
} catch (error) {
  fail(error)
}
