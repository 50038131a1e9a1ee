import { defineExtended } from './contract'
import { evaluateTlsRpt, type TlsRptObservation } from './evaluate/tls-rpt'
import { HOUR_SEC, mxNames } from './look'

const MAX_HOSTS = 5

/** Whether anybody is told when mail to the domain cannot be sent over TLS. */
export const tlsRpt = defineExtended<TlsRptObservation>({
  id: 'tls_rpt',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether somebody is told when mail to the domain cannot be sent over TLS (RFC 8460).',
  thirdParty: null,
  async collect(world, target) {
    const options = { signal: world.signal }
    const [record, sts, mx] = await Promise.all([
      world.dns.query(`_smtp._tls.${target.domain}`, 'TXT', options),
      world.dns.query(`_mta-sts.${target.domain}`, 'TXT', options),
      world.dns.query(target.domain, 'MX', options),
    ])
    const hosts = record.records.length > 0 ? [] : mxNames(mx).slice(0, MAX_HOSTS)
    const tlsa = await Promise.all(hosts.map((host) => world.dns.query(`_25._tcp.${host}`, 'TLSA', options)))
    return { record, sts, tlsa }
  },
  evaluate: evaluateTlsRpt,
})
