import { getDomain } from 'tldts'
import type { CheckTarget } from '../collectors/contract'
import { defineExtended, type ExtendedCheck, type ExtendedWorld } from './contract'
import { type DomainExpiryObservation, evaluateDomainExpiry } from './evaluate/domain-expiry'
import { parseBootstrap, type RdapServices, serviceFor } from './evaluate/rdap'
import { type Fetched, fetchFollowing } from './fetch'
import { DAY_SEC } from './look'

/** RFC 9224 §4: IANA's list of the registries that answer. */
const BOOTSTRAP_URL = 'https://data.iana.org/rdap/dns.json'
const MAX_BYTES = 1024 * 1024
const RDAP_HEADERS = { accept: 'application/rdap+json, application/json' }

/** Until when a domain is registered, by the word of its registry. */
export const domainExpiry = domainExpiryBy(BOOTSTRAP_URL)

/** The check with another list of registries; tests have their own. */
export function domainExpiryBy(bootstrapUrl: string): ExtendedCheck<DomainExpiryObservation> {
  return defineExtended<DomainExpiryObservation>({
    id: 'domain_expiry',
    intervalSec: DAY_SEC,
    subject: 'domain',
    needsMailHost: false,
    about: 'Until when the domain is registered and whether its registry holds it back (RDAP, RFC 9083).',
    thirdParty: 'Asks the registry of each domain about it once a day, so the registry learns that you watch it.',
    async collect(world, target) {
      const domain = registrable(target)
      const { services, fetched: bootstrap } = await world.shared(
        'rdap bootstrap',
        () => readBootstrap(world, new URL(bootstrapUrl)),
        ({ services: read }) => read !== null,
        7 * DAY_SEC,
      )
      const base = services ? serviceFor(services, domain) : null
      if (base === null) return { domain, bootstrap: services ? null : bootstrap, isCovered: false, answer: null }
      const url = new URL(`domain/${domain}`, base.endsWith('/') ? base : `${base}/`)
      // Subdomains share the word about the name that is registered.
      const answer = await world.shared(
        `rdap ${domain}`,
        () => fetchFollowing(world, url, { maxBodyBytes: MAX_BYTES, headers: RDAP_HEADERS, signal: null }),
        ({ result }) => result?.ok === true && (result.status === 200 || result.status === 404),
      )
      return { domain, bootstrap: null, isCovered: true, answer }
    },
    evaluate: evaluateDomainExpiry,
  })
}

const registrable = ({ domain }: CheckTarget) => getDomain(domain) ?? domain

async function readBootstrap(world: ExtendedWorld, url: URL): Promise<{ services: RdapServices | null; fetched: Fetched }> {
  const fetched = await fetchFollowing(world, url, { maxBodyBytes: MAX_BYTES, signal: null })
  const { result } = fetched
  return { services: result?.ok && result.status === 200 ? parseBootstrap(result.body) : null, fetched }
}
