import { evaluateDnsSpf, type DnsSpfObservation } from '../evaluate/dns-spf'
import { isSpfRecord } from '../evaluate/spf-terms'
import { askDomain } from './ask-domain'
import { defineCollector } from './contract'
import { createSpfEngine } from './spf-engine'

/** Nobody sends from these: class E, and the discard prefix of RFC 6666. */
const PROBE_V4 = '240.0.0.1'
const PROBE_V6 = '100::1'

/** Who may send for the domain, asked as a receiver would ask for each address of the mail host. */
export const dnsSpf = defineCollector<DnsSpfObservation>({
  id: 'dns_spf',
  needsMailHost: false,
  async collect(world, target) {
    const record = await askDomain(world, target.domain, target.domain, 'TXT')
    const published = record.records.filter((one) => isSpfRecord(one.value)).length
    if (published !== 1) return { record, answers: [], probes: null, senders: [] }
    const engine = createSpfEngine(world, target.domain)
    const sending = target.sends ? (target.mailHost?.sendingAddresses ?? []) : []
    const [v4, v6, ...senders] = await Promise.all([PROBE_V4, PROBE_V6, ...sending].map((address) => engine.evaluate(address)))
    return { record, answers: engine.answers(), probes: v4 && v6 ? { v4, v6 } : null, senders }
  },
  evaluate: evaluateDnsSpf,
})
