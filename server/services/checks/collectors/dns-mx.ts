import { isAllowedAddress, parseNetworks } from '#server/platform/http/address-guard'
import type { DnsAnswer } from '#server/platform/dns/types'
import { evaluateDnsMx, type DnsMxObservation, type MxTarget } from '../evaluate/dns-mx'
import { isInnerAddress } from '../evaluate/inner-address'
import { perObject } from '../per-object'
import { askDomain } from './ask-domain'
import { defineCollector, type CheckTarget, type CheckWorld } from './contract'
import { addressesOf, ownAddresses, resolveHost } from './look'

/** A zone may list hundreds of hosts; the first by preference decide. */
const MAX_TARGETS = 20

/** Where mail for the domain goes, and whether it can arrive there. */
export const dnsMx = defineCollector<DnsMxObservation>({
  id: 'dns_mx',
  needsMailHost: false,
  async collect(world, target) {
    const mx = await askDomain(world, target.domain, target.domain, 'MX')
    if (mx.outcome === 'nodata') {
      const { a, aaaa } = await resolveHost(world, target.domain)
      return { mx, apex: { a, aaaa }, targets: [] }
    }
    const targets = await Promise.all(exchangesOf(mx, target).map((exchange) => lookAtTarget(world, target, exchange)))
    return { mx, apex: null, targets }
  },
  evaluate: evaluateDnsMx,
})

/** The hosts to resolve: ours first, then by preference, without the null MX. */
function exchangesOf(mx: DnsAnswer, target: CheckTarget): string[] {
  const ours = new Set((target.mailHost?.mx ?? []).map((host) => host.toLowerCase()))
  const byPreference = [...mx.records].sort((one, other) => (one.preference ?? 0) - (other.preference ?? 0))
  const names = [...new Set(byPreference.map((record) => (record.exchange ?? '').toLowerCase().replace(/\.$/, '')))].filter(
    Boolean,
  )
  return [...names.filter((name) => ours.has(name)), ...names.filter((name) => !ours.has(name))].slice(0, MAX_TARGETS)
}

const networksOf = perObject(parseNetworks)

/** One MX host serves many domains: it is looked up once a cycle, so not under the signal of whoever asks first. */
async function lookAtTarget(world: CheckWorld, target: CheckTarget, exchange: string): Promise<MxTarget> {
  const host = await world.shared(`mx:${exchange}`, () => resolveHost(world, exchange, null))
  const allowed = { own: ownAddresses(target.mailHost), allowNets: networksOf(world.config.allowNets) }
  const inner = addressesOf(host).filter((address) => isInnerAddress(address) && !isAllowedAddress(address, allowed))
  return { exchange, a: host.a, aaaa: host.aaaa, inner }
}
