import type { CheckId, Fix } from '#shared/schemas/checks'
import type { CheckTarget, Verdict } from '../collectors/contract'
import { reasonFor } from '../reasons'

type FixText = Omit<Fix, 'visibleAfterSec'>

/** One record set of a domain: what was found, and what should stand there. Values in presentation form, names inside them absolute. */
export interface PlannedSet {
  /** Absolute, without the final dot. */
  name: string
  type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT'
  found: string[]
  /** The same as `found`, in whatever order, where that is good; empty when only somebody else can say it (see `note`). */
  wanted: string[]
  /** What to know before publishing it; null mostly. */
  note: string | null
}

/** The last looks at a domain; a check that was never made is not in it. */
export type Verdicts = Partial<Record<CheckId, Verdict>>

/** A kind of record that a domain should have. `plan` is pure and keeps what is good: it changes what is wrong, and nothing else. */
export interface RecordKind {
  label: string
  /** The check that looks at these records. */
  check: CheckId
  plan(target: CheckTarget, verdicts: Verdicts): PlannedSet[]
}

/** Whether the domain itself was seen: what was found is then all that there is. */
export function isSeen(verdict: Verdict | undefined): verdict is Verdict {
  return verdict !== undefined && verdict.status !== 'unknown' && verdict.status !== 'skipped'
}

/** A set that the check's own catalogue of reasons mends: what stands there as far as it is good, the words of the fix with it. */
export function mendedSet(
  kind: { check: CheckId; verdict: Verdict | undefined; target: CheckTarget },
  set: Pick<PlannedSet, 'name' | 'type' | 'found'>,
): PlannedSet {
  const { check, verdict, target } = kind
  if (verdict?.status === 'pass') return { ...set, wanted: set.found, note: null }
  const isHere = (fix: FixText | undefined) => fix?.record?.name === set.name && fix.record.type === set.type
  const own = isSeen(verdict) ? reasonFor(check, verdict.reason).fix?.(verdict, target) : undefined
  // Where nothing stands, what should stand is known even if the fault lies elsewhere first, as with a domain that does not exist.
  const fix = isHere(own) || set.found.length > 0 ? own : fixOfMissing(check, target)
  if (!fix?.record || !isHere(fix))
    return { ...set, wanted: set.found, note: set.found.length === 0 ? (fix?.summary ?? null) : null }
  return { ...set, wanted: fix.record.value.split('\n'), note: fix.steps.join(' ') || null }
}

/** What is to be published where nothing is: the template of a kind. `params` narrow it down, for DKIM to one selector. */
export function fixOfMissing(check: CheckId, target: CheckTarget, params: Verdict['params'] = {}): FixText | undefined {
  const nothing: Verdict = { status: 'fail', reason: 'missing', params, evidence: { lookups: [], connections: [], found: {} } }
  return reasonFor(check, 'missing').fix?.(nothing, target)
}

/** Where an alias leads, one step; null when it is none. */
export function aliasTarget(verdict: Verdict | undefined, name: string): string | null {
  return verdict?.evidence.lookups.find((lookup) => lookup.name === name && lookup.cnames.length > 0)?.cnames[0] ?? null
}
