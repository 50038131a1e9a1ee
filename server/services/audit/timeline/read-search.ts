import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from '#drizzle/client'
import { oneOf, prepared } from '#drizzle/prepared'
import { auditEvents, auditLeaves, auditUnsequenced } from '#drizzle/schema/sqlite'
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

// The index has no way into a word's events but to walk them from one end: from the newest, and no further than needed.
const NEWEST_FIRST = `SELECT rowid AS seq FROM timeline_search WHERE timeline_search MATCH ? AND rowid <= ? ORDER BY rowid DESC`

/** Those that match within one stretch of admission, the newest first. */
export function matchesWithin(db: Db, match: string, { from, to }: { from: number; to: number }): number[] {
  const found: number[] = []
  for (const { seq } of db.$client.prepare(NEWEST_FIRST).iterate(match, to) as IterableIterator<{ seq: number }>) {
    if (seq < from) break
    found.push(seq)
  }
  return found
}

/** Those of a few that match. */
export async function matchingOf(db: Db, match: string, seqs: number[]): Promise<number[]> {
  const found = and(sql`timeline_search match ${match}`, oneOf(timelineSearch.rowid, seqs))
  return (await db.select({ seq: timelineSearch.rowid }).from(timelineSearch).where(found)).map(({ seq }) => seq)
}
