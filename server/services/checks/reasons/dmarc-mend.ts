import type { CheckTarget, Verdict } from '../collectors/contract'
import { inheritedPolicy, isPolicy, parseDmarcRecord, reportAddresses } from '../evaluate/dmarc-record'
import { parseTagList } from '../evaluate/tag-list'
import type { Reason } from './contract'
import { publish } from './words'

/** The DMARC records at a name, as the evidence has them. */
export function foundAt(verdict: Verdict, name: string): string[] {
  const records = verdict.evidence.found.records
  const values: unknown = records && typeof records === 'object' ? (records as Record<string, unknown>)[name] : undefined
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

/** Removed in RFC 9989, or a weakening: a record that is published anew goes without. */
const DROPPED = ['t', 'pct', 'rf', 'ri']

/**
 * The DMARC record that should stand: what is published, with an enforced policy and an address for reports. Of several records the first
 * is kept and the report addresses of the others join it.
 */
export function mendedPolicy(found: readonly string[], target: CheckTarget): string {
  const tags = parseTagList(found[0] ?? '').tags
  const policy = tags.get('p')?.toLowerCase() ?? null
  const enforced = policy !== 'none' && isPolicy(policy) ? policy : target.sends ? 'quarantine' : 'reject'
  const kept = [...tags].filter(([name, value]) => !['v', 'p', 'rua', ...DROPPED].includes(name) && !isWeak(name, value))
  const rest = kept.map(([name, value]) => `${name}=${value}`)
  return ['v=DMARC1', `p=${enforced}`, ...rest, `rua=${reportsOf(found, target)}`].join('; ')
}

/** A policy of subdomains that protects nobody, or is none: without the tag the domain's own applies. */
const isWeak = (name: string, value: string) =>
  (name === 'sp' || name === 'np') && (value.toLowerCase() === 'none' || !isPolicy(value.toLowerCase()))

function reportsOf(found: readonly string[], target: CheckTarget): string {
  const valid = found.map(parseDmarcRecord).flatMap((record) => {
    const { invalid } = reportAddresses(record)
    return record.rua.filter((uri) => !invalid.includes(uri))
  })
  return valid.length > 0 ? [...new Set(valid)].join(',') : `mailto:dmarc@${target.domain}`
}

type Mend = NonNullable<Reason['fix']>

/** What is published, mended; see `mendedPolicy`. `read` says which records to start from when they are not the ones at the name. */
export function publishPolicy(summary: string, read = foundAt): Mend {
  return (verdict, target) => {
    const name = `_dmarc.${target.domain}`
    const value = mendedPolicy(read(verdict, name), target)
    return publish(summary, { name, type: 'TXT', value, found: foundAt(verdict, name) })
  }
}

/** The record that the verdict is about, wherever it stands. */
export function judgedRecord({ params }: Verdict): string[] {
  return typeof params.record === 'string' ? [params.record] : []
}

/** The policy that is inherited, as a record of the domain's own. */
export function inheritedCopy(verdict: Verdict): string[] {
  return judgedRecord(verdict).map((text) => {
    const { tags } = parseTagList(text)
    tags.set('p', inheritedPolicy(parseDmarcRecord(text), true) ?? 'none')
    for (const tag of ['sp', 'np', 'psd']) tags.delete(tag)
    return [...tags].map(([tag, value]) => `${tag}=${value}`).join('; ')
  })
}

/** The records without their report addresses, so that the domain's own takes their place. */
export function withoutReports(verdict: Verdict, name: string): string[] {
  return foundAt(verdict, name).map((text) => text.replace(/(^|;)\s*rua\s*=[^;]*/gi, ''))
}
