import { and, asc, count, eq } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { timelineViews } from '#drizzle/schema/sqlite'

export type ViewRow = typeof timelineViews.$inferSelect

export function viewsOf(db: Db, ownerId: string): Promise<ViewRow[]> {
  return db.select().from(timelineViews).where(eq(timelineViews.ownerId, ownerId)).orderBy(asc(timelineViews.name))
}

export async function countViews(db: Db, ownerId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(timelineViews).where(eq(timelineViews.ownerId, ownerId))
  return row!.n
}

/** Null when the owner has a view of this name. */
export async function insertView(tx: Db, row: ViewRow): Promise<ViewRow | null> {
  return (await tx.insert(timelineViews).values(row).onConflictDoNothing().returning())[0] ?? null
}

/** The view that is gone now; null when the owner has no such view. */
export async function deleteView(tx: Db, ownerId: string, id: string): Promise<ViewRow | null> {
  const own = and(eq(timelineViews.id, id), eq(timelineViews.ownerId, ownerId))
  return (await tx.delete(timelineViews).where(own).returning())[0] ?? null
}
