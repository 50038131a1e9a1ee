// The sample world in a process of its own. Says where it is, then answers each message with what it received so far.
import { startWorld } from '../../world'
import type { Traffic, WorldPlace } from '../lib/world'

const world = await startWorld({ delayMs: Number(process.env.DELAY_MS), caFile: process.env.CA_FILE })
const { tenants, domains } = world.addHealthyDomains(Number(process.env.DOMAINS))
const place: WorldPlace = {
  ...{ resolvers: world.resolvers, allowNets: world.allowNets, ports: world.ports },
  sample: { partners: [], mailHosts: world.mailHosts(), tenants, domains },
}
process.send!(place)
process.on('message', () => {
  const { https, http, admin } = world.webConnections()
  process.send!({ dnsQuestions: world.dnsQuestions(), connections: https + http + admin } satisfies Traffic)
})
process.on('disconnect', () => process.exit())
