import { and, asc, eq, gt, inArray, lte, max, min, or } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { placeholders, prepared } from '#drizzle/prepared'
import { liveEvents } from '#drizzle/schema/sqlite'
import type { Scope } from './context'

export type LiveRow = typeof liveEvents.$inferSelect
export type LiveType = LiveRow['type']

const KEPT = 10_000
/** Pruning in steps costs each writer little. */
const PRUNE_EVERY = 100

const insertReturningId = prepared<Omit<LiveRow, 'id'>, { id: number }[]>((db) =>
  db
    .insert(liveEvents)
    .values(placeholders('at', 'type', 'tenantId', 'data'))
    .returning({ id: liveEvents.id }),
)

/** Writes one event in the caller's transaction and drops what is older than the last 10,000. */
export async function insertLiveEvent(tx: Db, row: Omit<LiveRow, 'id'>): Promise<number> {
  const [made] = await insertReturningId(tx, row)
  if (made!.id % PRUNE_EVERY === 0) await tx.delete(liveEvents).where(lte(liveEvents.id, made!.id - KEPT))
  return made!.id
}

/** Events after an id, oldest first; those of other tenants are left out. */
export function liveEventsAfter(db: Db, id: number, scope: Scope, limit: number): Promise<LiveRow[]> {
  const visible =
    scope === 'all' ? undefined : scope.length > 0 ? inArray(liveEvents.tenantId, [...scope]) : eq(liveEvents.id, -1)
  // The state of the monitor belongs to no tenant and is shown to all.
  const seen = visible && or(visible, eq(liveEvents.type, 'cycle'))
  return db
    .select()
    .from(liveEvents)
    .where(and(gt(liveEvents.id, id), seen))
    .orderBy(asc(liveEvents.id))
    .limit(limit)
}

/** The ids that are kept, 0 and 0 when there is none. */
export async function liveRange(db: Db): Promise<{ first: number; last: number }> {
  const [range] = await db.select({ first: min(liveEvents.id), last: max(liveEvents.id) }).from(liveEvents)
  return { first: range?.first ?? 0, last: range?.last ?? 0 }
}
