import type { Db } from '#drizzle/client'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import type { Position } from './position'

export const HOUR_MS = 3_600_000

/** What the hourly counters tell apart; null where any will do. */
export type Kinds = Record<'category' | 'severity' | 'outcome', string[] | null>

const listOf = (value: string | undefined) => value?.split(',') ?? null

/** The kinds that a filter asks for; null when it asks for none. */
export function kindsOf({ category, severity, outcome }: AuditFilter): Kinds | null {
  const kinds = { category: listOf(category), severity: listOf(severity), outcome: listOf(outcome) }
  return kinds.category || kinds.severity || kinds.outcome ? kinds : null
}

/** Hours that one statement looks through: a year, twenty milliseconds where every hour holds thirty kinds. */
const SPAN = 8_760
/** Events without a place are not counted yet; of more than this nothing is skipped. */
const MOST_WAITING = 1_000

const HOLDING = `SELECT hour FROM timeline_hours
  WHERE hour <= :latest AND hour > :latest - ${SPAN}
    AND (:category IS NULL OR category IN (SELECT value FROM json_each(:category)))
    AND (:severity IS NULL OR severity IN (SELECT value FROM json_each(:severity)))
    AND (:outcome IS NULL OR outcome IN (SELECT value FROM json_each(:outcome)))
  ORDER BY hour DESC LIMIT 1`

const NEWEST = 'SELECT max(hour) AS hour FROM timeline_hours'

// A cross join keeps SQLite from walking all events.
const WAITING = `SELECT e.at FROM audit_unsequenced u CROSS JOIN audit_events e ON e.seq = u.event_seq LIMIT ${MOST_WAITING + 1}`

const hourOf = (ms: number) => Math.floor(ms / HOUR_MS)

/** From one position of the timeline, null its newest end, to the one that lies as far back as nothing of some kinds lies between them. */
export type Skip = (from: Position | null) => Position | null

/** What skips, by the hourly counters, over hours that hold nothing of these kinds. */
export function skipOver(db: Db, kinds: Kinds | null): Skip {
  // The queue first: what leaves it meanwhile is in the counters.
  const waiting = kinds && (db.$client.prepare(WAITING).all() as { at: number }[]).map(({ at }) => hourOf(at))
  if (kinds === null || waiting === null || waiting.length > MOST_WAITING) return (from) => from
  const lists = Object.fromEntries(Object.entries(kinds).map(([kind, values]) => [kind, values && JSON.stringify(values)]))
  return (from) => {
    const newest = (db.$client.prepare(NEWEST).get() as { hour: number | null }).hour ?? 0
    const latest = from === null ? newest : Math.min(newest, hourOf(from.at))
    const held = db.$client.prepare(HOLDING).get({ latest, ...lists }) as { hour: number } | undefined
    const candidates = waiting.filter((hour) => from === null || hour <= hourOf(from.at))
    const hour = Math.max(held?.hour ?? latest - SPAN, ...candidates)
    const end = { at: (hour + 1) * HOUR_MS, seq: 0 }
    return from !== null && from.at < end.at ? from : end
  }
}
