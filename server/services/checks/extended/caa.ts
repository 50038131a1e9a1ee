import type { DnsAnswer } from '#server/platform/dns/types'
import { isFault } from '../evaluate/verdict'
import { defineExtended } from './contract'
import { type CaaObservation, evaluateCaa } from './evaluate/caa'
import { HOUR_SEC } from './look'

/** Who may issue certificates for the names that visitors of the domain meet. */
export const caa = defineExtended<CaaObservation>({
  id: 'caa',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether CAA records allow Let’s Encrypt to issue the certificate of the webmail name (RFC 8659).',
  thirdParty: null,
  async collect(world, target) {
    const start = target.webmailHost ?? target.domain
    const steps: DnsAnswer[] = []
    // RFC 8659 §3: up to the name below the root. The resolver follows aliases; the parents of their targets do not count.
    for (let labels = start.split('.'); labels.length > 0; labels = labels.slice(1)) {
      const answer = await world.dns.query(labels.join('.'), 'CAA', { signal: world.signal })
      steps.push(answer)
      if (answer.records.length > 0 || isFault(answer.outcome)) break
    }
    return { start, steps }
  },
  evaluate: evaluateCaa,
})
