// The sample world in a process of its own. Says where it is, then answers each message with what it received since the last.
import { startWorld } from '../../world'
import type { Traffic, WorldPlace } from '../lib/world'

const { DELAY_MS, DOMAINS, CA_FILE, OWN_CERTIFICATES } = process.env
const namesPerCertificate = OWN_CERTIFICATES === 'true' ? 1 : undefined
const world = await startWorld({ delayMs: Number(DELAY_MS), caFile: CA_FILE, namesPerCertificate })
const { tenants, domains } = world.addHealthyDomains(Number(DOMAINS))
await world.mintCertificates()
const place: WorldPlace = {
  ...{ resolvers: world.resolvers, allowNets: world.allowNets, ports: world.ports },
  sample: { partners: [], mailHosts: world.mailHosts(), tenants, domains },
}
process.send!(place)
const soFar = (): Traffic => {
  const { https, http, admin } = world.webConnections()
  return { dnsQuestions: world.dnsQuestions(), tls: https + admin, plain: http }
}
let before = soFar()
process.on('message', () => {
  const now = soFar()
  const came = {
    dnsQuestions: now.dnsQuestions - before.dnsQuestions,
    tls: now.tls - before.tls,
    plain: now.plain - before.plain,
  }
  before = now
  process.send!(came satisfies Traffic)
})
process.on('disconnect', () => process.exit())
