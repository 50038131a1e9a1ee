import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import type { AuditHistogram, AuditStats } from '#shared/schemas/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { HOUR_MS } from './read-hours'
import { narrow } from './read-narrowed'
import { type Tally, tallyOfEvents, tallyOfHours, type TallyRow } from './read-tally'

/** A count is told again for so long, with the moment at which it was made. */
const KEPT_MS = 5_000
const MOST_KEPT = 200
/** Bars aimed at, and how wide one may be. */
const BARS = 60
const STEPS_MS = [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000, 31_536_000].map((seconds) => seconds * 1_000)
/** Dates of 1601 and 9999 are accepted: more bars than this are told by those that hold something. */
const MOST_BARS = 400

interface Counted extends Tally {
  madeAt: number
}

const countsOf = perDatabase(() => new Map<string, Promise<Counted>>())

/** Totals of a filter, at most five seconds old. */
export async function auditStats(ctx: Context, filter: AuditFilter): Promise<AuditStats> {
  const { rows, ...counted } = await count(ctx, filter, STEPS_MS.at(-1)!)
  const sum = (fits: (row: TallyRow) => boolean) => rows.filter(fits).reduce((total, { events }) => total + events, 0)
  return {
    total: sum(() => true),
    failures: sum(({ outcome }) => outcome === 'failure'),
    warnings: sum(({ severity }) => severity === 'medium' || severity === 'high'),
    critical: sum(({ severity }) => severity === 'critical'),
    ...{ byCategory: by(rows, 'category'), bySeverity: by(rows, 'severity'), byOutcome: by(rows, 'outcome') },
    ...ageOf(counted),
  }
}

/** Volume by outcome over the range of a filter; without a range over what there is. */
export async function auditHistogram(ctx: Context, filter: AuditFilter): Promise<AuditHistogram> {
  const range = filter.since ? (filter.until ? Date.parse(filter.until) : ctx.now()) - Date.parse(filter.since) : Infinity
  const stepMs = STEPS_MS.find((step) => range / step <= BARS) ?? 86_400_000
  const { rows, ...counted } = await count(ctx, filter, stepMs)
  const bars = new Map<number, Omit<AuditHistogram['bars'][number], 'at'>>()
  for (const step of stepsOf(rows)) bars.set(step, { success: 0, failure: 0, partial: 0, pending: 0 })
  for (const { step, outcome, events } of rows) bars.get(step)![outcome as 'success'] += events
  return {
    stepMs,
    bars: [...bars].map(([step, counts]) => ({ at: new Date(step * stepMs).toISOString(), ...counts })),
    ...ageOf(counted),
  }
}

function stepsOf(rows: readonly TallyRow[]): number[] {
  const steps = [...new Set(rows.map(({ step }) => step))].sort((a, b) => a - b)
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined || last - first >= MOST_BARS) return steps
  return Array.from({ length: last - first + 1 }, (_, n) => first + n)
}

function by(rows: readonly TallyRow[], key: 'category' | 'severity' | 'outcome'): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[row[key]] = (counts[row[key]] ?? 0) + row.events
  return counts
}

const ageOf = ({ madeAt, countedBackTo }: Omit<Counted, 'rows'>) => ({
  asOf: new Date(madeAt).toISOString(),
  countedBackTo: countedBackTo === null ? null : new Date(countedBackTo).toISOString(),
})

/** One count at a time for all who ask the same. */
function count(ctx: Context, filter: AuditFilter, stepMs: number): Promise<Counted> {
  const kept = countsOf(ctx)
  const slot = Math.floor(ctx.now() / KEPT_MS)
  const key = JSON.stringify([slot, stepMs, filter, ctx.scope, ctx.actor.role === 'master' ? null : ctx.actor.id])
  const known = kept.get(key)
  if (known) return known
  const made = tally(ctx, filter, stepMs).then((counted) => ({ ...counted, madeAt: ctx.now() }))
  made.catch(() => kept.delete(key))
  kept.set(key, made)
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
  return made
}

/** The hourly counters where they can answer, for they know all tenants and whole hours; else a bounded look at the events. */
async function tally(ctx: Context, filter: AuditFilter, stepMs: number): Promise<Tally> {
  const { category, severity, outcome, since, until, ...other } = filter
  const hourOf = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment) / HOUR_MS)
  const hours = { since: hourOf(since), until: hourOf(until) }
  const whole = Object.values(hours).every((hour) => hour === undefined || Number.isInteger(hour))
  const seesAll = ctx.scope === 'all' && ctx.actor.role === 'master'
  const plain = Object.values(other).every((value) => value === undefined)
  if (!seesAll || !plain || !whole || stepMs % HOUR_MS !== 0) return tallyOfEvents(ctx.db, await narrow(ctx, filter), stepMs)
  const listOf = (value: string | undefined) => value?.split(',')
  const kinds = { category: listOf(category), severity: listOf(severity), outcome: listOf(outcome) }
  return tallyOfHours(ctx.db, { ...hours, ...kinds }, stepMs)
}
