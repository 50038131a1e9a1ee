import type { DnsAnswer } from '#server/platform/dns/types'
import type { ExtendedWorld } from './contract'

export const HOUR_SEC = 3_600
export const DAY_SEC = 24 * HOUR_SEC

/** The exchanges of an MX answer, the preferred first, each once, without the null MX. */
export function mxNames(mx: DnsAnswer): string[] {
  const byPreference = [...mx.records].sort((one, other) => (one.preference ?? 0) - (other.preference ?? 0))
  return [...new Set(byPreference.map((record) => (record.exchange ?? '').toLowerCase().replace(/\.$/, '')))].filter(Boolean)
}

/** Whether the resolver validates at all: the root is signed, so it says AD there or never (RFC 4035 §3.2.3). */
export async function resolverValidates(world: ExtendedWorld): Promise<boolean> {
  const look = () => world.dns.query('.', 'SOA', { dnssec: true })
  const root = await world.shared('root', look, (answer) => answer.outcome === 'answer')
  return root.ad
}
