import { and, asc, count, desc, eq, gt, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteSelect } from 'drizzle-orm/sqlite-core'
import { oneOf } from '#drizzle/prepared'
import { auditDomains, partners, tenants } from '#drizzle/schema/sqlite'
import { breathe } from '#server/platform/breathe'
import type { Context, Scope } from '#server/platform/context'
import type { DomainStatus } from '#shared/schemas/checks'
import type { Overview, OverviewQuery, StatusCounts } from '#shared/schemas/overview'
import { cellPlace, STATUS_ORDER } from '../cells'
import type { CardRow } from '../summary'
import { storedForm } from '../stored-form'
import { rank } from './rank'

export type OverviewFilter = Pick<
  OverviewQuery,
  'q' | 'domain' | 'status' | 'failing' | 'tenant' | 'partner' | 'plan' | 'mailHost'
>
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

/** A page of cards in their order, with one row more than asked when there is more. First only what sorts, then the few cards whole. */
export async function readCards(
  { db, scope }: Context,
  filter: OverviewFilter,
  page: { sort: OverviewQuery['sort']; after: Position | null; limit: number },
): Promise<(CardRow & { position: Position })[]> {
  const sorts = SORTS[page.sort]
  const keys = Object.fromEntries(sorts.map(({ key }, place) => [`key${place}`, key.as(`key${place}`)]))
  const order: (Record<string, unknown> & { id: string })[] = await from(
    db
      .select({ id: auditDomains.id, ...keys })
      .from(auditDomains)
      .$dynamic(),
    filter,
  )
    .where(and(matches(filter, scope), page.after ? isAfter(sorts, page.after) : undefined))
    .orderBy(...sorts.map(({ key, down }) => (down ? desc(key) : asc(key))), asc(auditDomains.domain))
    .limit(page.limit + 1)
  if (order.length === 0) return []
  const cards = await db
    .select({ domain: auditDomains, tenant: tenants, partner: partners.slug })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(
      oneOf(
        auditDomains.id,
        order.map(({ id }) => id),
      ),
    )
  const byId = new Map(cards.map((card) => [card.domain.id, card]))
  return order.flatMap((row) => {
    const card = byId.get(row.id)
    if (!card) return []
    const { id, slug, name, plan } = card.tenant
    const position = { keys: sorts.map((_, place) => Number(row[`key${place}`])), domain: card.domain.domain }
    return [{ ...card.domain, tenant: { id, slug, name, plan, partner: card.partner }, position }]
  })
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

export interface MatrixRow {
  id: string
  tenantId: string
  domain: string
  cells: string
  /** The order of the cards by `worst`, as one number. */
  badness: number
}

/**
 * Domains of the filter by name, a step after a name; in steps, so that ten thousand of them hold up nobody for long. Each row comes
 * as one text (no part holds a space): five columns of each would cost several times as much.
 */
export async function readMatrixStep({ db, scope }: Context, filter: OverviewFilter, after: string): Promise<MatrixRow[]> {
  const { id, tenantId, domain, cells } = auditDomains
  const packed = sql<string>`${id} || ' ' || ${tenantId} || ' ' || ${domain} || ' ' || ${cells} || ' ' || (${rank} * 10000 + ${scoreShare})`
  const rows = await from(db.select({ packed }).from(auditDomains).$dynamic(), filter)
    .where(and(matches(filter, scope), gt(domain, after)))
    .orderBy(asc(domain))
    .limit(MATRIX_STEP)
  return rows.map((row) => {
    const [rowId, rowTenant, name, letters, badness] = row.packed.split(' ') as [string, string, string, string, string]
    return { id: rowId, tenantId: rowTenant, domain: name, cells: letters, badness: Number(badness) }
  })
}

export const MATRIX_STEP = 1_000

/** Slug and name of each tenant by its id. Ten thousand rows joined cost more than the names of all tenants. */
export async function readTenantNames({ db, scope }: Context): Promise<Map<string, { slug: string; name: string }>> {
  const seen = scope === 'all' ? undefined : inArray(tenants.id, [...scope])
  const rows = await db.select({ id: tenants.id, slug: tenants.slug, name: tenants.name }).from(tenants).where(seen)
  return new Map(rows.map(({ id, slug, name }) => [id, { slug, name }]))
}

/** How many domains of the filter stand how; and how many tenants, each as bad as its worst domain of the filter. */
export async function readTotals({ db, scope }: Context, filter: OverviewFilter): Promise<Overview['totals']> {
  const perTenant = from(
    db
      .select({ worst: sql<number>`min(${rank})`.as('worst') })
      .from(auditDomains)
      .$dynamic(),
    filter,
  )
    .where(matches(filter, scope))
    .groupBy(auditDomains.tenantId)
    .as('per_tenant')
  const worst = sql<number>`per_tenant.worst`
  const byTenant = await db.select({ place: worst, n: count() }).from(perTenant).groupBy(worst)
  await breathe()
  const byDomain = await from(db.select({ status: auditDomains.status, n: count() }).from(auditDomains).$dynamic(), filter)
    .where(matches(filter, scope))
    .groupBy(auditDomains.status)
  return { domains: countsOf(byDomain), tenants: countsOf(byTenant.map(({ place, n }) => ({ status: STATUS_ORDER[place]!, n }))) }
}

/** Joins what the filter asks about, and nothing when it asks about domains alone. */
function from<T extends SQLiteSelect>(select: T, { q, tenant, partner, plan }: OverviewFilter): T {
  if (!q && !tenant && !partner && !plan) return select
  select.innerJoin(tenants, eq(tenants.id, auditDomains.tenantId)).leftJoin(partners, eq(partners.id, tenants.partnerId))
  return select
}

function countsOf(rows: { status: DomainStatus; n: number }[]): Counts {
  const counts: Counts = { all: 0, healthy: 0, degraded: 0, failing: 0, unknown: 0, pending: 0 }
  for (const { status, n } of rows) {
    counts.all += n
    counts[status] += n
  }
  return counts
}

/** The rows of a filter that the caller may see. It speaks of tenants and partners, which the statement has to join. */
export function matches(filter: OverviewFilter, scope: Scope): SQL | undefined {
  const { q, domain, status, failing, tenant, partner, plan, mailHost } = filter
  return and(
    isNull(auditDomains.deletedAt),
    scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope]),
    q ? or(contains(auditDomains.domain, q), contains(tenants.name, q), contains(tenants.slug, q)) : undefined,
    domain ? eq(auditDomains.domain, storedForm(domain)) : undefined,
    status && eq(auditDomains.status, status),
    failing && sql`substr(${auditDomains.cells}, ${cellPlace(failing)}, 1) = 'F'`,
    tenant ? or(eq(tenants.id, tenant), eq(tenants.slug, tenant)) : undefined,
    partner ? or(eq(partners.id, partner), eq(partners.slug, partner)) : undefined,
    plan ? eq(tenants.plan, plan) : undefined,
    mailHost ? eq(auditDomains.mailHostId, mailHost) : undefined,
  )
}

/** Contains, without regard to case; `%` and `_` of the caller are plain characters. */
function contains(column: typeof auditDomains.domain | typeof tenants.name | typeof tenants.slug, text: string): SQL {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql`lower(${column}) like ${pattern} escape '\\'`
}
