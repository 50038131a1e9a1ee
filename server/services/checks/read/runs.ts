import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { auditChecks, auditDomains, checkRuns, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { CHECK_IDS, type Run } from '#shared/schemas/checks'
import { groupBy } from '../group-by'

/** The tenant of an id or a slug, when the caller may see it. */
export async function tenantBy({ db, scope }: Context, idOrSlug: string): Promise<typeof tenants.$inferSelect | null> {
  const seen = scope === 'all' ? undefined : inArray(tenants.id, [...scope])
  const [tenant] = await db
    .select()
    .from(tenants)
    .where(and(or(eq(tenants.id, idOrSlug), eq(tenants.slug, idOrSlug)), seen))
  return tenant ?? null
}

/** A run of a tenant that the caller may see. */
export async function readRun({ db, scope }: Context, runId: string): Promise<typeof checkRuns.$inferSelect | null> {
  const seen = scope === 'all' ? undefined : inArray(checkRuns.tenantId, [...scope])
  const [run] = await db
    .select()
    .from(checkRuns)
    .where(and(eq(checkRuns.id, runId), seen))
  return run ?? null
}

/** The verdicts that stand for the domains of a run. */
export async function readRunResults({ db }: Context, run: typeof checkRuns.$inferSelect): Promise<NonNullable<Run['results']>> {
  const which = run.domainId === null ? eq(auditDomains.tenantId, run.tenantId) : eq(auditDomains.id, run.domainId)
  const domains = await db
    .select()
    .from(auditDomains)
    .where(and(which, isNull(auditDomains.deletedAt)))
    .orderBy(auditDomains.domain)
  const rows = await db
    .select({
      domainId: auditChecks.domainId,
      checkId: auditChecks.checkId,
      status: auditChecks.status,
      reason: auditChecks.reason,
    })
    .from(auditChecks)
    .where(
      and(eq(auditChecks.tenantId, run.tenantId), run.domainId === null ? undefined : eq(auditChecks.domainId, run.domainId)),
    )
  const byDomain = groupBy(rows, (row) => row.domainId)
  return domains.map(({ id, domain, score, max, status }) => ({
    ...{ domain, score, max, status },
    checks: CHECK_IDS.flatMap((checkId) => {
      const own = byDomain.get(id)?.find((row) => row.checkId === checkId)
      return own ? [{ id: checkId, status: own.status, reason: own.reason }] : []
    }),
  }))
}
