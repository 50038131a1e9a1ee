import { getDomain } from 'tldts'
import { dmarcRecords, evaluateDnsDmarc, recordsOfWalk, type DnsDmarcObservation } from '../evaluate/dns-dmarc'
import { reportAddresses } from '../evaluate/dmarc-record'
import { inheritedRecord, nextInWalk, type FoundRecord } from '../evaluate/dmarc-walk'
import { isFault } from '../evaluate/verdict'
import { askDomain } from './ask-domain'
import { defineCollector, type CheckWorld } from './contract'

const MAX_REPORT_HOSTS = 5

/** The DMARC policy that receivers apply to the domain, found as RFC 9989 §4.10 walks. */
export const dnsDmarc = defineCollector<DnsDmarcObservation>({
  id: 'dns_dmarc',
  needsMailHost: false,
  async collect(world, target) {
    const steps = await walk(world, target.domain)
    const own = steps[0] ? recordsOfWalk([steps[0]])[0] : undefined
    const policy = own ?? inheritedRecord(target.domain, recordsOfWalk(steps))
    const nothing = !policy && !steps.some((step) => isFault(step.answer.outcome))
    // A name below which something stands exists (RFC 8020), so only an absent _dmarc leaves the question open.
    const mayBeAbsent = !own && policy?.record.np !== null && steps[0]?.answer.outcome === 'nxdomain'
    const apex = nothing || mayBeAbsent ? await world.dns.query(target.domain, 'TXT', { signal: world.signal }) : null
    return { steps, apex, reports: policy ? await askReportHosts(world, policy) : [] }
  },
  evaluate: evaluateDnsDmarc,
})

/** Upwards from the domain; a domain's own single record makes the rest needless. */
async function walk(world: CheckWorld, domain: string): Promise<DnsDmarcObservation['steps']> {
  const steps: DnsDmarcObservation['steps'] = []
  for (let name: string | null = domain; name !== null; name = nextInWalk(name)) {
    const answer = await askDomain(world, name, `_dmarc.${name}`, 'TXT')
    steps.push({ domain: name, answer })
    const records = dmarcRecords(answer)
    const isEnd = records.length === 1 && (name === domain || records[0]?.psd !== null)
    if (isEnd || isFault(answer.outcome)) break
  }
  return steps
}

/** Whether reports can arrive; RFC 9990 §4: `<domain>._report._dmarc.<destination>` for destinations in another organisation. */
async function askReportHosts(world: CheckWorld, policy: FoundRecord): Promise<DnsDmarcObservation['reports']> {
  const organisation = getDomain(policy.domain) ?? policy.domain
  const hosts = reportAddresses(policy.record).hosts.slice(0, MAX_REPORT_HOSTS)
  const ask = (name: string, type: 'TXT' | 'MX') => world.dns.query(name, type, { signal: world.signal })
  const asked = hosts.map(async (host) => {
    const isOutside = (getDomain(host) ?? host) !== organisation
    const [mx, consent] = await Promise.all([
      ask(host, 'MX'),
      isOutside ? ask(`${policy.domain}._report._dmarc.${host}`, 'TXT') : null,
    ])
    return { host, mx, consent }
  })
  return Promise.all(asked)
}
