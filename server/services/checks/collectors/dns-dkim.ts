import { evaluateDnsDkim, type DnsDkimObservation } from '../evaluate/dns-dkim'
import { askDomain } from './ask-domain'
import { defineCollector } from './contract'

/** The public keys at the selectors that the mail host signs with; selectors cannot be listed from outside. */
export const dnsDkim = defineCollector<DnsDkimObservation>({
  id: 'dns_dkim',
  needsMailHost: false,
  async collect(world, target) {
    const keys = target.dkim.map(async ({ selector }) => ({
      selector,
      answer: await askDomain(world, target.domain, `${selector}._domainkey.${target.domain}`, 'TXT'),
    }))
    return { keys: await Promise.all(keys) }
  },
  evaluate: evaluateDnsDkim,
})
