import { asc, eq, isNull, sql } from 'drizzle-orm'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from '#drizzle/client'
import { prepared } from '#drizzle/prepared'
import { auditEvents, auditLeaves, auditUnsequenced } from '#drizzle/schema/sqlite'
import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'

/** Full-text table of the migration: `rowid` is the event's seq. */
const timelineSearch = sqliteTable('timeline_search', { rowid: integer('rowid').notNull() })

/** An event is in the index with its place, within a second. */
const LATE_MS = 10_000

/** The event that has waited longest for its place; null when none does. The order keeps SQLite from walking all events. */
const longestWaiting = prepared((db) =>
  db
    .select({ receivedAt: auditEvents.receivedAt })
    .from(auditUnsequenced)
    .innerJoin(auditEvents, eq(auditEvents.seq, auditUnsequenced.eventSeq))
    .leftJoin(auditLeaves, eq(auditLeaves.eventSeq, auditUnsequenced.eventSeq))
    .where(isNull(auditLeaves.eventSeq))
    .orderBy(asc(auditUnsequenced.eventSeq))
    .limit(1),
)

/**
 * Events that match, no more than `limit`.
 * @throws ServiceError STORAGE_UNAVAILABLE while events wait for the index: what they say would be missing
 */
export async function matching(
  { db, now }: Pick<Context, 'db' | 'now'>,
  match: string,
  limit: number,
): Promise<{ seq: number }[]> {
  const [waiting] = await longestWaiting(db, {})
  if (waiting && waiting.receivedAt < now() - LATE_MS)
    throw new ServiceError('STORAGE_UNAVAILABLE', 'The newest events are not in the search index yet', { retryAfterMs: 5_000 })
  return indexed(db, match, limit)
}

/** The same for what stands in every event that is looked for: also the events that wait for the index, each of which may hold it. */
export async function mayHold(db: Db, match: string, limit: number): Promise<{ seq: number }[]> {
  // The queue first: what leaves it meanwhile is in the index.
  const waiting = await db.select({ seq: auditUnsequenced.eventSeq }).from(auditUnsequenced).limit(limit)
  return [...waiting, ...(await indexed(db, match, limit))]
}

function indexed(db: Db, match: string, limit: number): Promise<{ seq: number }[]> {
  return db
    .select({ seq: timelineSearch.rowid })
    .from(timelineSearch)
    .where(sql`timeline_search match ${match}`)
    .limit(limit)
}

/** Admission numbers that one statement walks in the index at most, with a common word some milliseconds. */
const STRETCH = 20_000

// As integers: better-sqlite3 gives numbers as floats, by which the index is walked from one end and not entered. The plus keeps it from
// being entered for each event.
const AMONG = `SELECT rowid AS seq FROM timeline_search WHERE timeline_search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))
  AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`

/** Those of some thousand events that match; other requests come through between two stretches of admission. */
export async function matchingAmong(db: Db, match: string, seqs: readonly number[]): Promise<number[]> {
  const found: number[] = []
  for (const stretch of stretchesOf(seqs)) {
    const rows = db.$client.prepare(AMONG).all(match, JSON.stringify(stretch), stretch[0], stretch.at(-1)) as { seq: number }[]
    found.push(...rows.map(({ seq }) => seq))
    await breathe()
  }
  return found
}

function stretchesOf(seqs: readonly number[]): number[][] {
  const stretches: number[][] = []
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last && seq - last[0]! < STRETCH) last.push(seq)
    else stretches.push([seq])
  }
  return stretches
}
