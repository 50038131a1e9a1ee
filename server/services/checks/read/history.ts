import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { checkDays, checkTransitions } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

type Row = typeof checkTransitions.$inferSelect
export interface RecordedChange {
  after: Row
  /** The change before it, of the same check; null when there was none, or it is no longer kept. */
  before: Pick<Row, 'toStatus' | 'reason' | 'found'> | null
}

/** Changes of a domain, or of one of its checks, newest first; each with what stood before it. */
export async function readHistory(
  { db }: Context,
  { domainId, checkId, before, limit }: { domainId: string; checkId?: string; before: number | null; limit: number },
): Promise<RecordedChange[]> {
  const rows = await db
    .select()
    .from(checkTransitions)
    .where(
      and(
        eq(checkTransitions.domainId, domainId),
        checkId === undefined ? undefined : eq(checkTransitions.checkId, checkId),
        before === null ? undefined : lt(checkTransitions.id, before),
      ),
    )
    .orderBy(desc(checkTransitions.id))
    .limit(limit)
  return Promise.all(
    rows.map(async (after) => {
      const [previous] = await db
        .select({ toStatus: checkTransitions.toStatus, reason: checkTransitions.reason, found: checkTransitions.found })
        .from(checkTransitions)
        .where(
          and(
            eq(checkTransitions.domainId, domainId),
            eq(checkTransitions.checkId, after.checkId),
            lt(checkTransitions.id, after.id),
          ),
        )
        .orderBy(desc(checkTransitions.id))
        .limit(1)
      return { after, before: previous ?? null }
    }),
  )
}

/** The day counters of a domain, or of one of its checks, from a day on (days since 1970), oldest first. */
export function readDays({ db }: Context, of: { domainId: string; checkId?: string; from: number }) {
  return db
    .select()
    .from(checkDays)
    .where(
      and(
        eq(checkDays.domainId, of.domainId),
        of.checkId === undefined ? undefined : eq(checkDays.checkId, of.checkId),
        gte(checkDays.day, of.from),
      ),
    )
    .orderBy(checkDays.day, sql`${checkDays.checkId}`)
}
