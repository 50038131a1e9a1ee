import { count, eq, sql } from 'drizzle-orm'
import { auditDomains, mailHosts, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { CHECK_IDS, type CheckId, type DomainStatus } from '#shared/schemas/checks'
import { cellPlace } from '../cells'
import { matches, type OverviewFilter } from './overview'

/** Domains of one status in one group; key and label are null for those that belong to none. */
export interface GroupRow {
  key: string | null
  label: string | null
  status: DomainStatus
  n: number
}

const OWNERS = {
  partner: { key: sql<string | null>`${partners.slug}`, label: sql<string | null>`${partners.name}` },
  mailHost: { key: sql<string | null>`${mailHosts.id}`, label: sql<string | null>`${mailHosts.name}` },
}

/** How the domains of the filter stand, by the partner or the mail host that they belong to. */
export function readGroups({ db, scope }: Context, filter: OverviewFilter, by: keyof typeof OWNERS): Promise<GroupRow[]> {
  const { key, label } = OWNERS[by]
  return db
    .select({ key, label, status: auditDomains.status, n: count() })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .leftJoin(mailHosts, eq(mailHosts.id, auditDomains.mailHostId))
    .where(matches(filter, scope))
    .groupBy(key, label, auditDomains.status)
}

/** How many domains of the filter fail each check. */
export async function readFailing({ db, scope }: Context, filter: OverviewFilter): Promise<{ checkId: CheckId; n: number }[]> {
  const fails = (id: CheckId) =>
    sql<number>`coalesce(sum(case when substr(${auditDomains.cells}, ${cellPlace(id)}, 1) = 'F' then 1 else 0 end), 0)`
  const [row] = await db
    .select(Object.fromEntries(CHECK_IDS.map((id) => [id, fails(id)])))
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(matches(filter, scope))
  return CHECK_IDS.map((checkId) => ({ checkId, n: Number(row?.[checkId] ?? 0) }))
}
