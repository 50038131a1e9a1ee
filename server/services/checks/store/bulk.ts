import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditDomains, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { BulkRunInput } from '#shared/schemas/overview'
import { matches } from '../read/overview'

/** Plans a look at the meant domains for `at` (ms) and says how many they are. */
export async function makeDue(ctx: Context & { tx: Db }, { ids, filter = {} }: BulkRunInput, at: number): Promise<number> {
  const { tx, scope } = ctx
  const meant = tx
    .select({ id: auditDomains.id })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(and(matches(filter, scope), ids && inArray(auditDomains.id, ids)))
  const rows = await tx
    .update(auditDomains)
    .set({ nextDueAt: at })
    .where(inArray(auditDomains.id, meant))
    .returning({ id: auditDomains.id })
  return rows.length
}

/** The domains whose look is planned for exactly `at` (ms). */
export async function countWaiting({ db, scope }: Context, at: number): Promise<number> {
  const seen = scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope])
  const [row] = await db
    .select({ n: count() })
    .from(auditDomains)
    .where(and(eq(auditDomains.nextDueAt, at), isNull(auditDomains.deletedAt), seen))
  return row?.n ?? 0
}
