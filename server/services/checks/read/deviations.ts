import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm'
import { placeholders, prepared } from '#drizzle/prepared'
import { auditChecks, auditDomains, checkDeviations, extendedChecks, users } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { Deviation } from '#shared/schemas/deviations'
import { holds } from '../deviation'

/** What is accepted for the domains of a tenant, or for one of them; what ended is left out. The caller sees the tenant. */
export async function readDeviations(
  { db, scope, now }: Context,
  of: { tenantId: string; domainId?: string; id?: string },
): Promise<Deviation[]> {
  const rows = await db
    .select({
      ...{ deviation: checkDeviations, domain: auditDomains.domain, name: users.name },
      ...{ check: auditChecks, extended: extendedChecks },
    })
    .from(checkDeviations)
    .innerJoin(auditDomains, eq(auditDomains.id, checkDeviations.domainId))
    .leftJoin(auditChecks, isOfDeviation(auditChecks))
    .leftJoin(extendedChecks, isOfDeviation(extendedChecks))
    .leftJoin(users, eq(users.id, checkDeviations.acceptedBy))
    .where(
      and(
        eq(checkDeviations.tenantId, of.tenantId),
        scope === 'all' ? undefined : inArray(checkDeviations.tenantId, [...scope]),
        of.domainId === undefined ? undefined : eq(checkDeviations.domainId, of.domainId),
        of.id === undefined ? undefined : eq(checkDeviations.id, of.id),
        isNull(checkDeviations.endedAt),
        isNull(auditDomains.deletedAt),
      ),
    )
    .orderBy(asc(auditDomains.domain), asc(checkDeviations.checkId))
  return rows.map(({ deviation, domain, check, extended, name }) => ({
    ...{ id: deviation.id, domain, domainId: deviation.domainId, checkId: deviation.checkId },
    ...{ status: deviation.status, code: deviation.code, reason: deviation.reason },
    acceptedBy: { id: deviation.acceptedBy, name },
    acceptedAt: new Date(deviation.acceptedAt).toISOString(),
    until: new Date(deviation.until).toISOString(),
    holds: [check, extended].some((verdict) => verdict !== null && holds(deviation, verdict, now())),
  }))
}

const isOfDeviation = ({ tenantId, domainId, checkId }: typeof auditChecks | typeof extendedChecks) =>
  and(eq(tenantId, checkDeviations.tenantId), eq(domainId, checkDeviations.domainId), eq(checkId, checkDeviations.checkId))

/** Whether the time of a deviation is over that nobody has ended: asked before writing. */
export async function anyOverdue({ database, now }: Context): Promise<boolean> {
  const [one] = await overdue(database.read, { now: now() })
  return one !== undefined
}

// Asked with every answer of the overview.
const overdue = prepared<{ now: number }, { id: string }[]>((db) =>
  db
    .select({ id: checkDeviations.id })
    .from(checkDeviations)
    .where(and(isNull(checkDeviations.endedAt), lte(checkDeviations.until, placeholders('now').now)))
    .limit(1),
)
