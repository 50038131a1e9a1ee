import { and, count, eq, gt, inArray, isNull, max, or, sql, type SQL } from 'drizzle-orm'
import { ServiceError } from '#shared/errors'
import type { DomainStatus } from '#shared/schemas/checks'
import type { Partner, Tenant, TenantList, TenantsQuery, TenantSummary } from '#shared/schemas/tenants'
import type { Db } from '#drizzle/client'
import { auditDomains, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { requireTenant } from './access'
import { domainOf, partnerOf } from './wire'
import { within } from './store'

/** From best to worst; the place is the rank that SQL compares. A tenant without domains is pending. */
const STATUSES: DomainStatus[] = ['pending', 'healthy', 'degraded', 'unknown', 'failing']

/** Live domains of each tenant: how many, and the rank of the worst. */
function statsOf(db: Db, tenantId?: string) {
  const cases = STATUSES.map((status, rank) => sql`when ${status} then ${sql.raw(String(rank))}`)
  const rank = sql<number>`case ${auditDomains.status} ${sql.join(cases, sql` `)} end`
  return db
    .select({ tenantId: auditDomains.tenantId, domains: count().as('domains'), worst: max(rank).as('worst') })
    .from(auditDomains)
    .where(and(isNull(auditDomains.deletedAt), tenantId === undefined ? undefined : eq(auditDomains.tenantId, tenantId)))
    .groupBy(auditDomains.tenantId)
    .as('stats')
}
type Stats = ReturnType<typeof statsOf>

const rankOf = (stats: Stats) => sql<number>`coalesce(${stats.worst}, 0)`
const nameKey = sql<string>`lower(${tenants.name})`

function selectSummaries(db: Db, stats: Stats) {
  return db
    .select({
      tenant: tenants,
      partner: partners,
      domains: sql<number>`coalesce(${stats.domains}, 0)`,
      worst: rankOf(stats),
      nameKey,
    })
    .from(tenants)
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .leftJoin(stats, eq(stats.tenantId, tenants.id))
    .$dynamic()
}
type SummaryRow = Awaited<ReturnType<typeof selectSummaries>>[number]

function summaryOf({ tenant, partner, domains, worst }: SummaryRow): TenantSummary {
  return {
    id: tenant.id,
    slug: tenant.slug,
    name: tenant.name,
    plan: tenant.plan,
    partner: partner && { id: partner.id, slug: partner.slug, name: partner.name },
    status: STATUSES[worst]!,
    domains,
    createdAt: new Date(tenant.createdAt).toISOString(),
    version: tenant.version,
  }
}

/** Tenants by name. `counts` are over the search, whatever status is asked for; `total` is over the whole filter. */
export async function listTenants(ctx: Context, query: TenantsQuery): Promise<TenantList> {
  const stats = statsOf(ctx.db)
  const found = and(within(ctx.scope, tenants.id), matching(ctx.db, query.q))
  const counts = await countByStatus(ctx, stats, found)
  const rows = await selectSummaries(ctx.db, stats)
    .where(
      and(
        found,
        query.status && eq(rankOf(stats), STATUSES.indexOf(query.status)),
        query.cursor ? after(query.cursor) : undefined,
      ),
    )
    .orderBy(nameKey, tenants.id)
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  return {
    total: query.status ? counts[query.status] : Object.values(counts).reduce((sum, n) => sum + n, 0),
    counts,
    tenants: page.map(summaryOf),
    nextCursor: rows.length > page.length ? cursorOf(page.at(-1)!) : null,
  }
}

async function countByStatus(ctx: Context, stats: Stats, found: SQL | undefined): Promise<TenantList['counts']> {
  const rows = await ctx.db
    .select({ rank: rankOf(stats), tenants: count() })
    .from(tenants)
    .leftJoin(stats, eq(stats.tenantId, tenants.id))
    .where(found)
    .groupBy(rankOf(stats))
  const of = (status: DomainStatus) => rows.find((row) => STATUSES[row.rank] === status)?.tenants ?? 0
  return {
    healthy: of('healthy'),
    degraded: of('degraded'),
    failing: of('failing'),
    unknown: of('unknown'),
    pending: of('pending'),
  }
}

/** In the name, the slug, or the name of a live domain. */
function matching(db: Db, q: string | undefined): SQL | undefined {
  if (!q) return undefined
  const pattern = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const like = (text: SQL | typeof tenants.slug) => sql`lower(${text}) like ${pattern} escape '\\'`
  const byDomain = db
    .select({ id: auditDomains.tenantId })
    .from(auditDomains)
    .where(and(isNull(auditDomains.deletedAt), sql`${auditDomains.domain} like ${pattern} escape '\\'`))
  return or(like(nameKey), like(tenants.slug), inArray(tenants.id, byDomain))
}

function cursorOf(row: SummaryRow): string {
  return Buffer.from(JSON.stringify([row.nameKey, row.tenant.id])).toString('base64url')
}

function after(cursor: string): SQL | undefined {
  try {
    const [name, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof name === 'string' && typeof id === 'string')
      return or(gt(nameKey, name), and(eq(nameKey, name), gt(tenants.id, id)))
  } catch {
    // Told below: whatever it is, it is not one of ours.
  }
  throw new ServiceError('VALIDATION', 'The cursor is not one of ours', {
    issues: [{ path: 'query.cursor', message: 'take it from nextCursor' }],
  })
}

/** @throws ServiceError NOT_FOUND */
export async function tenantSummary(ctx: Context, idOrSlug: string): Promise<TenantSummary> {
  const { id } = await requireTenant(ctx, idOrSlug)
  const [row] = await selectSummaries(ctx.db, statsOf(ctx.db, id)).where(eq(tenants.id, id))
  return summaryOf(row!)
}

/**
 * One tenant with its live domains, by name.
 * @throws ServiceError NOT_FOUND
 */
export async function getTenant(ctx: Context, idOrSlug: string): Promise<Tenant> {
  const summary = await tenantSummary(ctx, idOrSlug)
  const rows = await ctx.db
    .select()
    .from(auditDomains)
    .where(and(eq(auditDomains.tenantId, summary.id), isNull(auditDomains.deletedAt), within(ctx.scope, auditDomains.tenantId)))
    .orderBy(auditDomains.domain)
  return { ...summary, domains: rows.map(domainOf) }
}

/** Partners by name: all, or those of the tenants in sight. */
export async function listPartners(ctx: Context): Promise<Partner[]> {
  const own = ctx.db.select({ id: tenants.partnerId }).from(tenants).where(within(ctx.scope, tenants.id))
  const rows = await ctx.db
    .select()
    .from(partners)
    .where(ctx.scope === 'all' ? undefined : inArray(partners.id, own))
    .orderBy(partners.name, partners.id)
  return rows.map(partnerOf)
}
