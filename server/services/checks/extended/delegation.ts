import { resolveHost } from '../collectors/look'
import { defineExtended } from './contract'
import { type DelegationObservation, evaluateDelegation } from './evaluate/delegation'
import { HOUR_SEC } from './look'

const MAX_HOSTS = 10

/** Whether the zone above and the zone itself name the same servers, and whether all of them have the same zone. */
export const delegation = defineExtended<DelegationObservation>({
  id: 'delegation',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether parent zone and zone name the same servers, all of them answer, and all have the same serial (RFC 1034).',
  thirdParty: null,
  async collect(world, target) {
    const ns = await world.dns.query(target.domain, 'NS', { signal: world.signal })
    if (ns.records.length === 0) return { ns, hosts: [], zone: null }
    const names = ns.records.map(({ value }) => value).slice(0, MAX_HOSTS)
    const [hosts, zone] = await Promise.all([
      Promise.all(names.sort().map((host) => resolveHost(world, host))),
      world.dns.zone(target.domain, { signal: world.signal, parent: true }),
    ])
    return { ns, hosts, zone }
  },
  evaluate: evaluateDelegation,
})
