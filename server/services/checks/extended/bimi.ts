import { getDomain } from 'tldts'
import { dnsDmarc } from '../collectors/dns-dmarc'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { type BimiObservation, evaluateBimi, parseBimiRecord } from './evaluate/bimi'
import { type Fetched, fetchFollowing } from './fetch'
import { DAY_SEC } from './look'

const MAX_LOGO_BYTES = 64 * 1024
const MAX_CERTIFICATE_BYTES = 128 * 1024

/** Whether receivers can show the logo that the domain publishes. */
export const bimi = defineExtended<BimiObservation>({
  id: 'bimi',
  intervalSec: DAY_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether the published logo, its certificate and the DMARC policy let receivers show it (BIMI).',
  thirdParty: null,
  async collect(world, target) {
    const record = await lookUp(world, target)
    const published = parseBimiRecord(record)
    // Without a logo there is nothing that a policy could hold back.
    if (!published?.logo) return { record, dmarc: null, logo: null, certificate: null }
    const [dmarc, logo, certificate] = await Promise.all([
      dnsDmarc.collect(world, target),
      get(world, published.logo, MAX_LOGO_BYTES),
      published.evidence ? get(world, published.evidence, MAX_CERTIFICATE_BYTES) : null,
    ])
    return { record, dmarc, logo, certificate }
  },
  evaluate: evaluateBimi,
})

/** The record of the domain itself, else that of its organisation (draft-brand-indicators-for-message-identification §7.2). */
async function lookUp(world: ExtendedWorld, { domain }: ExtendedTarget) {
  const options = { signal: world.signal }
  const own = await world.dns.query(`default._bimi.${domain}`, 'TXT', options)
  const organisation = getDomain(domain) ?? domain
  if (own.outcome !== 'nxdomain' && own.outcome !== 'nodata') return own
  return organisation === domain ? own : world.dns.query(`default._bimi.${organisation}`, 'TXT', options)
}

async function get(world: ExtendedWorld, address: string, maxBodyBytes: number): Promise<Fetched | null> {
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') return null
  return fetchFollowing(world, new URL(address), { maxBodyBytes })
}
