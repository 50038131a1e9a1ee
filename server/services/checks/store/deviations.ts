import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { prepared } from '#drizzle/prepared'
import { auditDomains, checkDeviations, tenants } from '#drizzle/schema/sqlite'

export type DeviationRow = typeof checkDeviations.$inferSelect

/** The deviations of a domain that nobody has ended, also those whose time is over. */
export function openDeviations(db: Db, domainId: string): Promise<DeviationRow[]> {
  return selectOpen(db, { domainId })
}

const selectOpen = prepared<{ domainId: string }, DeviationRow[]>((db) =>
  db
    .select()
    .from(checkDeviations)
    .where(and(eq(checkDeviations.domainId, sql.placeholder('domainId')), isNull(checkDeviations.endedAt))),
)

export async function insertDeviation(tx: Db, row: DeviationRow): Promise<void> {
  await tx.insert(checkDeviations).values(row)
}

/** Ends one; undefined when it has ended already. */
export async function endDeviation(tx: Db, id: string, at: number): Promise<DeviationRow | undefined> {
  const [ended] = await tx
    .update(checkDeviations)
    .set({ endedAt: at })
    .where(and(eq(checkDeviations.id, id), isNull(checkDeviations.endedAt)))
    .returning()
  return ended
}

export interface OverdueDeviation {
  deviation: DeviationRow
  domain: typeof auditDomains.$inferSelect
  partnerId: string | null
}

/** Deviations whose time is over and that nobody has ended, the oldest first. */
export function overdueDeviations(db: Db, now: number, limit: number): Promise<OverdueDeviation[]> {
  return db
    .select({ deviation: checkDeviations, domain: auditDomains, partnerId: tenants.partnerId })
    .from(checkDeviations)
    .innerJoin(auditDomains, eq(auditDomains.id, checkDeviations.domainId))
    .innerJoin(tenants, eq(tenants.id, checkDeviations.tenantId))
    .where(and(isNull(checkDeviations.endedAt), lte(checkDeviations.until, now)))
    .orderBy(asc(checkDeviations.until))
    .limit(limit)
}
