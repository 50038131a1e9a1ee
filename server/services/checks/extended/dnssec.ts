import { defineExtended } from './contract'
import { type DnssecObservation, evaluateDnssec } from './evaluate/dnssec'
import { HOUR_SEC, resolverValidates } from './look'

/** Whether the zone is signed, whether its signatures hold, and for how long. */
export const dnssec = defineExtended<DnssecObservation>({
  id: 'dnssec',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether the zone is signed, validates, and its signatures last for three more days (RFC 4035).',
  thirdParty: null,
  async collect(world, target) {
    const options = { signal: world.signal, dnssec: true }
    const past = { ...options, checkingDisabled: true }
    const [soa, ds, dnskey, validates] = await Promise.all([
      world.dns.query(target.domain, 'SOA', options),
      world.dns.query(target.domain, 'DS', options),
      world.dns.query(target.domain, 'DNSKEY', past),
      resolverValidates(world),
    ])
    // RFC 4035 §3.2.2: what a validating resolver holds back it gives to who checks for himself.
    const unchecked = soa.outcome === 'servfail' ? await world.dns.query(target.domain, 'SOA', past) : null
    return { soa, ds, dnskey, unchecked, validates }
  },
  evaluate: evaluateDnssec,
})
