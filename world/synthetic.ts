import type { DkimKeys } from './dkim-keys'
import type { ZonePattern } from './dns/zones'
import { mailHost, type MailHostKey } from './provider'
import type { Story } from './story'
import { zoneOfStory } from './zone-data'

/** The mail host of all synthetic domains. */
export const SYNTHETIC_HOST = 'lisboa' satisfies MailHostKey
const NAME = /(?:^|\.)bench-(\d{5})\.example$/
/** Webmail names that share one certificate unless told otherwise, as hosters bundle them: it keeps 10,000 domains at 400 certificates. */
const BUNDLE = 25
const DOMAINS_PER_TENANT = 20

const syntheticName = (index: number) => `bench-${String(index).padStart(5, '0')}.example`

/** Healthy domains `bench-00000.example` … that are computed from their name and never stored. */
export class SyntheticDomains {
  count = 0

  /** @param namesPerCertificate webmail names that share one certificate */
  constructor(private readonly namesPerCertificate = BUNDLE) {}

  /** The synthetic domain that `name` is or lies in, else null. */
  indexOf(name: string): number | null {
    const digits = NAME.exec(name)?.[1]
    return digits !== undefined && Number(digits) < this.count ? Number(digits) : null
  }

  zonePattern(keys: DkimKeys): ZonePattern {
    return (name) => {
      const index = this.indexOf(name)
      if (index === null) return null
      const story = this.story(index)
      return { zone: story.domain, data: zoneOfStory(story, keys) }
    }
  }

  story(index: number): Story {
    return { domain: syntheticName(index), tenant: 'umbrella-foods', mailHost: SYNTHETIC_HOST, story: 'One of many' }
  }

  /** The webmail names on the certificate of `name`; null when it is no webmail name of ours. */
  certificateNames(name: string): string[] | null {
    const index = this.indexOf(name)
    if (index === null || name !== `mail.${syntheticName(index)}`) return null
    const first = index - (index % this.namesPerCertificate)
    return Array.from({ length: this.namesPerCertificate }, (_, i) => `mail.${syntheticName(first + i)}`)
  }

  webmailNames(): string[] {
    return Array.from({ length: this.count }, (_, index) => `mail.${syntheticName(index)}`)
  }

  /** Slug of the synthetic tenant of a domain. */
  tenantOf(index: number) {
    return `bench-tenant-${String(Math.floor(index / DOMAINS_PER_TENANT)).padStart(4, '0')}`
  }
}

export const syntheticFrontend = mailHost(SYNTHETIC_HOST).frontend
