import { and, count, desc, eq, gt, lt, lte, max, min, ne, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { auditDomains, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { matches, type OverviewFilter } from './overview'
import type { Transitions } from './transitions'

export interface Span {
  /** Milliseconds; changes after `since`, up to and with `until`. */
  since: number
  until: number
  checkId?: string
  /** Where the changes are kept: those of the eight, or those beyond. */
  transitions: Transitions
  /** Only changes that were written before this one. */
  before: number | null
  limit: number
}

/** What the checks of the domains of a filter say at the end of a span and did not say at its beginning, latest change first. */
export async function readNetChanges({ db, scope }: Context, filter: OverviewFilter, span: Span) {
  const { transitions } = span
  const { at, checkId, domainId, id } = transitions
  const inSpan = db
    .select({ domainId, checkId, first: min(id).as('first'), last: max(id).as('last'), steps: count().as('steps') })
    .from(transitions)
    .where(and(gt(at, span.since), lte(at, span.until), span.checkId === undefined ? undefined : eq(checkId, span.checkId)))
    .groupBy(domainId, checkId)
    .as('in_span')
  const [first, last] = [alias(transitions, 'first_change'), alias(transitions, 'last_change')]
  // At its first look a check came from nowhere: what it said then is what later ones are compared with.
  const fromStatus = sql<string>`coalesce(${first.fromStatus}, ${first.toStatus})`
  const fromReason = sql<string | null>`case when ${first.fromStatus} is null then ${first.reason} else (
    select earlier.reason from ${transitions} as earlier
    where earlier.domain_id = ${first.domainId} and earlier.check_id = ${first.checkId} and earlier.id < ${first.id}
    order by earlier.id desc limit 1) end`
  return db
    .select({
      ...{ id: last.id, at: last.at, checkId: last.checkId, status: last.toStatus, reason: last.reason, params: last.params },
      ...{ fromStatus, fromReason, steps: inSpan.steps, domainId: auditDomains.id, domain: auditDomains.domain },
      tenant: { id: tenants.id, slug: tenants.slug, name: tenants.name },
    })
    .from(inSpan)
    .innerJoin(first, eq(first.id, inSpan.first))
    .innerJoin(last, eq(last.id, inSpan.last))
    .innerJoin(auditDomains, eq(auditDomains.id, inSpan.domainId))
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(
      and(
        matches(filter, scope),
        span.before === null ? undefined : lt(last.id, span.before),
        or(ne(last.toStatus, fromStatus), ne(last.reason, fromReason)),
      ),
    )
    .orderBy(desc(last.id))
    .limit(span.limit)
}

export type NetChangeRow = Awaited<ReturnType<typeof readNetChanges>>[number]

/** The latest rows of several lists, each in its own order; `taken` is how many came out of which. */
export function latestOf<Row extends { at: number }>(
  lists: readonly (readonly Row[])[],
  limit: number,
): { rows: Row[]; taken: number[] } {
  const taken = lists.map(() => 0)
  const rows: Row[] = []
  while (rows.length < limit) {
    const heads = lists.map((list, at) => list[taken[at]!]?.at ?? -Infinity)
    const latest = heads.indexOf(Math.max(...heads))
    const row = lists[latest]?.[taken[latest]!]
    if (!row) break
    rows.push(row)
    taken[latest]!++
  }
  return { rows, taken }
}
