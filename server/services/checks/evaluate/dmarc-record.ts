import { parseTagList } from './tag-list'

export const DMARC_POLICIES = ['none', 'quarantine', 'reject'] as const
export type DmarcPolicy = (typeof DMARC_POLICIES)[number]

/** A DMARC policy record as it is applied (RFC 9989 §4.7). */
export interface DmarcRecord {
  text: string
  p: string | null
  sp: string | null
  np: string | null
  testing: boolean
  psd: 'y' | 'n' | null
  /** Share of mail that old receivers apply the policy to; removed in RFC 9989. */
  pct: number | null
  rua: string[]
  /** What readers of RFC 7489 and RFC 9989 take differently, or what is no longer read at all. */
  notes: string[]
}

/** The host names of valid `mailto:` report addresses, and the addresses that are not valid. */
export interface ReportAddresses {
  hosts: string[]
  invalid: string[]
}

/** RFC 9989 §4.7: the version comes first, its value is case-sensitive, white space around `=` is allowed. */
export function isDmarcRecord(text: string): boolean {
  return /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text)
}

/** Reads a record that `isDmarcRecord` accepts; values of policies are case-insensitive. */
export function parseDmarcRecord(text: string): DmarcRecord {
  const { tags } = parseTagList(text)
  const names = [...tags.keys()]
  const lower = (name: string) => tags.get(name)?.toLowerCase() ?? null
  const psd = lower('psd')
  const pct = tags.get('pct')
  return {
    text,
    p: lower('p'),
    sp: lower('sp'),
    np: lower('np'),
    testing: lower('t') === 'y',
    psd: psd === 'y' || psd === 'n' ? psd : null,
    pct: pct !== undefined && /^\d{1,3}$/.test(pct) ? Number(pct) : null,
    rua: (tags.get('rua') ?? '')
      .split(',')
      .map((uri) => uri.trim())
      .filter(Boolean),
    notes: [
      ...REMOVED_TAGS.filter((tag) => tags.has(tag)).map(
        (tag) => `${tag}= was removed in RFC 9989; older receivers still obey it`,
      ),
      ...(tags.has('p') && names[1] !== 'p' ? ['p= is not the second tag, which receivers of RFC 7489 require'] : []),
      ...(/![0-9]+[kmgt]?(?:,|$)/i.test(tags.get('rua') ?? '') ? ['a size limit behind a report address is no longer read'] : []),
    ],
  }
}

/** Historic tags (RFC 9989 appendix C). */
const REMOVED_TAGS = ['pct', 'rf', 'ri'] as const

/** The policy for a domain that inherits: `sp`, or `np` where there is no such domain, each falling back to the next (RFC 9989 §4.10.1). */
export function inheritedPolicy({ p, sp, np }: DmarcRecord, exists: boolean): string | null {
  return (exists ? null : np) ?? sp ?? p
}

/** Whether a policy tag holds one of the three policies. */
export function isPolicy(value: string | null): value is DmarcPolicy {
  return DMARC_POLICIES.some((policy) => policy === value)
}

/** A report address is `mailto:` with a domain; the obsolete `!size` behind it is ignored (RFC 9989 §4.8). */
export function reportAddresses(record: DmarcRecord): ReportAddresses {
  const hosts: string[] = []
  const invalid: string[] = []
  for (const uri of record.rua) {
    const host = /^mailto:[^@\s]+@([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)(?:![0-9]+[kmgt]?)?$/i.exec(uri)?.[1]
    if (host) hosts.push(host.toLowerCase())
    else invalid.push(uri)
  }
  return { hosts: [...new Set(hosts)], invalid }
}
