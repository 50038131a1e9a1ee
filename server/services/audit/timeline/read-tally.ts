import { and, count, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditEvents, timelineHours } from '#drizzle/schema/sqlite'
import { breathe } from '#server/platform/breathe'
import { HOUR_MS } from './read-hours'
import type { Narrowed } from './read-narrowed'
import { type Slice, slicesOf } from './read-positions'

/** Events of one kind that fall into one step of time. */
export interface TallyRow {
  /** Steps since 1970. */
  step: number
  category: string
  severity: string
  outcome: string
  events: number
}

export interface Tally {
  rows: TallyRow[]
  /** Where the count ended before the range did; null when it is whole. */
  countedBackTo: number | null
}

/** A count looks at so many slices of the timeline. */
const SLICES = 150

const kind = { category: auditEvents.category, severity: auditEvents.severity, outcome: auditEvents.outcome }
const stepOf = (ms: SQL | typeof auditEvents.at, stepMs: number) =>
  sql<number>`cast(floor(${ms} / ${sql.raw(`${stepMs}.0`)}) as integer)`

/** Counts what matches by looking at it, newest first. */
export async function tallyOfEvents(db: Db, narrowed: Narrowed, stepMs: number): Promise<Tally> {
  const rows: TallyRow[] = []
  let slices = 0
  for await (const slice of slicesOf(db, narrowed, null)) {
    rows.push(...(await tallyOf(db, slice.wanted, stepMs)))
    if (++slices === SLICES && slice.end) return { rows, countedBackTo: slice.end.at }
    await breathe()
  }
  return { rows, countedBackTo: null }
}

function tallyOf(db: Db, wanted: Slice['wanted'], stepMs: number): Promise<TallyRow[]> {
  const step = stepOf(auditEvents.at, stepMs)
  const { category, severity, outcome } = kind
  return db
    .select({ step, ...kind, events: count() })
    .from(auditEvents)
    .where(wanted)
    .groupBy(step, category, severity, outcome)
}

/** What the hourly counters answer for all tenants. */
export interface CountedFilter {
  /** Whole hours since 1970; `until` is not in it. */
  since?: number
  until?: number
  category?: string[]
  severity?: string[]
  outcome?: string[]
}

/** The same from the counters, whatever the log holds: one row an hour and kind. */
export async function tallyOfHours(db: Db, filter: CountedFilter, stepMs: number): Promise<Tally> {
  const { hour, category, severity, outcome, events } = timelineHours
  const step = stepOf(sql`(${hour} * ${sql.raw(String(HOUR_MS))})`, stepMs)
  const rows = await db
    .select({ step, category, severity, outcome, events: sql<number>`sum(${events})` })
    .from(timelineHours)
    .where(
      and(
        filter.since === undefined ? undefined : gte(hour, filter.since),
        filter.until === undefined ? undefined : lt(hour, filter.until),
        filter.category && inArray(category, filter.category),
        filter.severity && inArray(severity, filter.severity),
        filter.outcome && inArray(outcome, filter.outcome),
      ),
    )
    .groupBy(step, category, severity, outcome)
  return { rows, countedBackTo: null }
}
