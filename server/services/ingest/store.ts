import { and, asc, desc, eq, lte, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { ingestRejects, ingestSources } from '#drizzle/schema/sqlite'
import type { IngestId } from '#shared/schemas/ingest'
import type { Receipt, Reject } from './contract'

export type SourceRow = typeof ingestSources.$inferSelect

const KEPT_REJECTS = 1_000

/** A source that has no row yet. */
const blank = (id: IngestId): SourceRow => ({
  ...{ id, cursor: null, basis: null, completeTo: null, lastRunAt: null, lastOkAt: null, lastEventAt: null, lastError: null },
  ...{ lastErrorAt: null, note: null, accepted: 0, duplicate: 0, skipped: 0, bad: 0, nextDueAt: 0, paused: false },
  ...{ settings: null, secretBox: null, version: 0 },
})

export async function readSource(db: Db, id: IngestId): Promise<SourceRow> {
  const [row] = await db.select().from(ingestSources).where(eq(ingestSources.id, id))
  return row ?? blank(id)
}

/** Every source that has a row, by its id. */
export async function readSources(db: Db): Promise<(id: IngestId) => SourceRow> {
  const rows = new Map((await db.select().from(ingestSources).orderBy(asc(ingestSources.id))).map((row) => [row.id, row]))
  return (id) => rows.get(id) ?? blank(id)
}

/** Writes what is given; the row is made when there is none. */
export async function changeSource(tx: Db, id: IngestId, changes: Partial<SourceRow>): Promise<void> {
  await tx
    .insert(ingestSources)
    .values({ id, ...changes })
    .onConflictDoUpdate({ target: ingestSources.id, set: changes })
}

/** What one transaction of events adds to a source. */
export interface Progress extends Receipt {
  skipped: number
  bad: number
  lastEventAt?: number
  completeTo?: number
  cursor?: unknown
  wellAt?: number
}

export async function addProgress(tx: Db, id: IngestId, progress: Progress): Promise<void> {
  const { accepted, duplicate, skipped, bad, lastEventAt, completeTo, wellAt } = progress
  const said = {
    ...(progress.cursor !== undefined && { cursor: progress.cursor }),
    ...(wellAt !== undefined && { lastRunAt: wellAt, lastOkAt: wellAt, lastError: null, lastErrorAt: null }),
  }
  const first = { accepted, duplicate, skipped, bad, lastEventAt, completeTo, ...said }
  const t = ingestSources
  await tx
    .insert(t)
    .values({ id, ...first })
    .onConflictDoUpdate({
      target: t.id,
      set: {
        accepted: sql`${t.accepted} + ${accepted}`,
        duplicate: sql`${t.duplicate} + ${duplicate}`,
        skipped: sql`${t.skipped} + ${skipped}`,
        bad: sql`${t.bad} + ${bad}`,
        ...(lastEventAt !== undefined && { lastEventAt: greater(t.lastEventAt, lastEventAt) }),
        ...(completeTo !== undefined && { completeTo: greater(t.completeTo, completeTo) }),
        ...said,
      },
    })
}

const greater = (column: typeof ingestSources.completeTo | typeof ingestSources.lastEventAt, value: number) =>
  sql`case when ${column} > ${value} then ${column} else ${value} end`

/** Keeps where they stood; of a source only the last thousand. */
export async function insertRejects(tx: Db, sourceId: IngestId, at: number, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length === 0) return
  const rows = rejects.slice(-KEPT_REJECTS).map(({ offset = 0, ...reject }) => ({ sourceId, at, offset, ...reject }))
  for (let from = 0; from < rows.length; from += 100) await tx.insert(ingestRejects).values(rows.slice(from, from + 100))
  const [oldest] = await tx
    .select({ id: ingestRejects.id })
    .from(ingestRejects)
    .where(eq(ingestRejects.sourceId, sourceId))
    .orderBy(desc(ingestRejects.id))
    .offset(KEPT_REJECTS)
    .limit(1)
  if (oldest) await tx.delete(ingestRejects).where(and(eq(ingestRejects.sourceId, sourceId), lte(ingestRejects.id, oldest.id)))
}
