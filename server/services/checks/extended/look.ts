import type { DnsAnswer } from '#server/platform/dns/types'

export const HOUR_SEC = 3_600
export const DAY_SEC = 24 * HOUR_SEC

/** The exchanges of an MX answer, the preferred first, each once, without the null MX. */
export function mxNames(mx: DnsAnswer): string[] {
  const byPreference = [...mx.records].sort((one, other) => (one.preference ?? 0) - (other.preference ?? 0))
  return [...new Set(byPreference.map((record) => (record.exchange ?? '').toLowerCase().replace(/\.$/, '')))].filter(Boolean)
}
