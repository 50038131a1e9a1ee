import { addressesOf } from '../collectors/look'
import type { DnsQueryOptions } from '#server/platform/dns/types'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { type DaneHost, type DaneObservation, evaluateDane } from './evaluate/dane'
import { HOUR_SEC, mxNames, resolverValidates } from './look'
import { lookAtMail } from './mail-look'

const MAX_HOSTS = 10
const MAX_ADDRESSES = 4

/** Whether the certificates of the MX hosts are those that the zone promises. */
export const dane = defineExtended<DaneObservation>({
  id: 'dane',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether TLSA records of the MX hosts are signed and match the certificates there (RFC 7672).',
  thirdParty: null,
  async collect(world, target) {
    const [mx, validates] = await Promise.all([
      world.dns.query(target.domain, 'MX', { signal: world.signal, dnssec: true }),
      resolverValidates(world),
    ])
    const names = target.receives ? mxNames(mx).slice(0, MAX_HOSTS) : []
    return { mx, validates, hosts: await Promise.all(names.map((host) => lookAtHost(world, target, host))) }
  },
  evaluate: evaluateDane,
})

async function lookAtHost(world: ExtendedWorld, target: ExtendedTarget, host: string): Promise<DaneHost> {
  // Shared by all who name this host, so not under the signal of whoever asks first.
  const { a, aaaa, tlsa } = await world.shared(`dane ${host}`, () => askAbout(world, host, { dnssec: true }))
  // Without a promise there is nothing to compare: the server is left in peace.
  const addresses = tlsa.records.length > 0 ? addressesOf({ host, a, aaaa }).slice(0, MAX_ADDRESSES) : []
  const place = { protocol: 'smtp', security: 'starttls', host, port: 25 } as const
  const looks = await Promise.all(addresses.map((address) => lookAtMail(world, target, { ...place, address })))
  return { host, a, aaaa, tlsa, looks }
}

async function askAbout(world: ExtendedWorld, host: string, options: DnsQueryOptions) {
  const [a, aaaa, tlsa] = await Promise.all([
    world.dns.query(host, 'A', options),
    world.dns.query(host, 'AAAA', options),
    world.dns.query(`_25._tcp.${host}`, 'TLSA', options),
  ])
  return { a, aaaa, tlsa }
}
