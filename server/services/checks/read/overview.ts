import { and, asc, count, desc, eq, gt, inArray, isNull, lt, min, or, type SQL, sql } from 'drizzle-orm'
import { auditDomains, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context, Scope } from '#server/platform/context'
import type { Overview, OverviewQuery, StatusCounts } from '#shared/schemas/checks'
import { cellPlace, STATUS_ORDER } from '../cells'
import type { CardRow } from '../summary'
import { rank } from './rank'

export type OverviewFilter = Pick<OverviewQuery, 'q' | 'status' | 'failing' | 'tenant' | 'partner' | 'plan'>
type Counts = StatusCounts & { all: number }

/** X/8 in per mille, so that 7/7 is better than 7/8; what has no score comes last. */
const scoreShare = sql<number>`case when ${auditDomains.score} is null then 1001 else ${auditDomains.score} * 1000 / ${auditDomains.max} end`
const changedAt = sql<number>`coalesce(${auditDomains.statusSince}, 0)`

/** Sort keys from the first to the last; the name ends each, for it is unique among live domains. */
const SORTS: Record<OverviewQuery['sort'], { key: SQL<number>; down?: boolean }[]> = {
  worst: [{ key: rank }, { key: scoreShare }],
  name: [],
  score: [{ key: scoreShare }],
  changed: [{ key: changedAt, down: true }],
}

/** Where a page ended: the sort keys of its last row, and its name. */
export interface Position {
  keys: number[]
  domain: string
}

/** A page of cards in their order, with one row more than asked when there is more. */
export async function readCards(
  { db, scope }: Context,
  filter: OverviewFilter,
  page: { sort: OverviewQuery['sort']; after: Position | null; limit: number },
): Promise<(CardRow & { position: Position })[]> {
  const sorts = SORTS[page.sort]
  const keys = Object.fromEntries(sorts.map(({ key }, place) => [`key${place}`, key.as(`key${place}`)]))
  const rows = await db
    .select({ domain: auditDomains, tenant: tenants, partner: partners.slug, ...keys })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(and(matches(filter, scope), page.after ? isAfter(sorts, page.after) : undefined))
    .orderBy(...sorts.map(({ key, down }) => (down ? desc(key) : asc(key))), asc(auditDomains.domain))
    .limit(page.limit + 1)
  return rows.map(({ domain, tenant: { id, slug, name, plan }, partner, ...sorted }) => ({
    ...domain,
    tenant: { id, slug, name, plan, partner },
    position: {
      keys: sorts.map((_, place) => Number((sorted as Record<string, unknown>)[`key${place}`])),
      domain: domain.domain,
    },
  }))
}

/** Rows behind a position: a later first key, or the same and a later second one, and so on. */
function isAfter(sorts: { key: SQL<number>; down?: boolean }[], after: Position): SQL | undefined {
  const later = sorts.map(({ key, down }, place) => (down ? lt(key, after.keys[place]) : gt(key, after.keys[place])))
  const same = sorts.map(({ key }, place) => eq(key, after.keys[place]!))
  return or(
    ...later.map((isLater, place) => and(...same.slice(0, place), isLater)),
    and(...same, gt(auditDomains.domain, after.domain)),
  )
}

/** `[id, tenant slug, domain, cells]` of every domain of the filter, worst first. */
export async function readMatrixRows(
  { db, scope }: Context,
  filter: OverviewFilter,
  limit: number,
): Promise<[string, string, string, string][]> {
  const rows = await db
    .select({ id: auditDomains.id, slug: tenants.slug, domain: auditDomains.domain, cells: auditDomains.cells })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(matches(filter, scope))
    .orderBy(asc(rank), asc(scoreShare), asc(auditDomains.domain))
    .limit(limit)
  return rows.map(({ id, slug, domain, cells }) => [id, slug, domain, cells])
}

/** How many domains of the filter stand how; and how many tenants, each as bad as its worst domain of the filter. */
export async function readTotals({ db, scope }: Context, filter: OverviewFilter): Promise<Overview['totals']> {
  const perTenant = db
    .select({ worst: sql<number>`min(${rank})`.as('worst') })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(matches(filter, scope))
    .groupBy(auditDomains.tenantId)
    .as('per_tenant')
  const byTenant = await db.select({ place: perTenant.worst, n: count() }).from(perTenant).groupBy(perTenant.worst)
  const byDomain = await db
    .select({ place: rank, n: count() })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(matches(filter, scope))
    .groupBy(rank)
  return { domains: countsOf(byDomain), tenants: countsOf(byTenant) }
}

function countsOf(rows: { place: number | null; n: number }[]): Counts {
  const counts: Counts = { all: 0, healthy: 0, degraded: 0, failing: 0, unknown: 0, pending: 0 }
  for (const { place, n } of rows) {
    counts.all += n
    if (place !== null) counts[STATUS_ORDER[place]!] += n
  }
  return counts
}

function matches(filter: OverviewFilter, scope: Scope): SQL | undefined {
  const { q, status, failing, tenant, partner, plan } = filter
  return and(
    isNull(auditDomains.deletedAt),
    scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope]),
    q ? or(contains(auditDomains.domain, q), contains(tenants.name, q), contains(tenants.slug, q)) : undefined,
    status && eq(auditDomains.status, status),
    failing && sql`substr(${auditDomains.cells}, ${cellPlace(failing)}, 1) = 'F'`,
    tenant ? or(eq(tenants.id, tenant), eq(tenants.slug, tenant)) : undefined,
    partner ? or(eq(partners.id, partner), eq(partners.slug, partner)) : undefined,
    plan ? eq(tenants.plan, plan) : undefined,
  )
}

/** Contains, without regard to case; `%` and `_` of the caller are plain characters. */
function contains(column: typeof auditDomains.domain | typeof tenants.name | typeof tenants.slug, text: string): SQL {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql`lower(${column}) like ${pattern} escape '\\'`
}
