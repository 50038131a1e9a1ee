import { and, eq, gte, inArray, like, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { auditEvents, auditPersonal, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { actorsBeginningWith, actorsOfEmail } from './read-people'

/** A filter whose names are looked up. */
export interface Narrowed {
  /** What an index of the timeline answers: the range, and one tenant, partner or actor. */
  indexed: SQL | undefined
  /** What each event has to be looked at for; nothing when the index says it all. */
  looked: SQL | undefined
  /** The only events that can match, where they are few. */
  candidates: number[] | null
}

/** More candidates than this are no help. */
const FEW = 4_000

/**
 * Looks the names of a filter up. Master sees what its scope holds; everybody else their own actions in it.
 * @throws ServiceError VALIDATION for a tenant or partner that is not there, or that the caller does not see
 */
export async function narrow(ctx: Context, filter: AuditFilter): Promise<Narrowed> {
  const actors = await actorsOf(ctx, filter)
  const [actor] = actors?.length === 1 ? actors : []
  const tag = filter.ip && ctx.secrets.tag('ip', filter.ip)
  // One of them leads the way by its index; the others are looked at, so that what a statement reads stays bounded.
  const [leading, ...others] = [
    ctx.actor.role === 'master' ? undefined : eq(auditEvents.actorId, ctx.actor.id),
    actor === undefined ? undefined : eq(auditEvents.actorId, actor),
    filter.tenantSlug ? eq(auditEvents.tenantId, await tenantId(ctx, filter.tenantSlug)) : undefined,
    filter.partnerSlug ? eq(auditEvents.partnerId, await partnerId(ctx, filter.partnerSlug)) : undefined,
  ].filter((condition) => condition !== undefined)
  const indexed = and(
    filter.since ? gte(auditEvents.at, Date.parse(filter.since)) : undefined,
    filter.until ? lt(auditEvents.at, Date.parse(filter.until)) : undefined,
    leading,
  )
  const looked = and(
    ctx.scope === 'all' ? undefined : inArray(auditEvents.tenantId, [...ctx.scope]),
    ...others,
    ...plainConditions(filter),
    actors && actor === undefined ? inArray(auditEvents.actorId, actors) : undefined,
    tag ? hasAddress(tag) : undefined,
  )
  return { indexed, looked, candidates: await candidatesOf(ctx, { actors, tag }) }
}

const hasAddress = (tag: string) =>
  sql`exists (select 1 from ${auditPersonal} where ${auditPersonal.eventId} = ${auditEvents.id} and ${auditPersonal.ipTag} = ${tag})`

function plainConditions(filter: AuditFilter): (SQL | undefined)[] {
  return [
    filter.action ? or(...listOf(filter.action).map(actionIs)) : undefined,
    among(auditEvents.category, filter.category),
    among(auditEvents.severity, filter.severity),
    among(auditEvents.outcome, filter.outcome),
    among(auditEvents.source, filter.source),
    among(auditEvents.actorType, filter.actorType),
    among(auditEvents.resourceType, filter.resourceType),
    filter.resourceId ? eq(auditEvents.resourceId, filter.resourceId) : undefined,
    filter.externalId ? eq(auditEvents.externalId, filter.externalId) : undefined,
    // The bytes are canonical: no space, and one way to write it.
    filter.requestId ? sql`instr(${auditEvents.content}, ${`"requestId":${JSON.stringify(filter.requestId)}`}) > 0` : undefined,
  ]
}

const listOf = (value: string) => value.split(',')
const among = (column: SQLiteColumn, value: string | undefined) => (value ? inArray(column, listOf(value)) : undefined)

function actionIs(action: string): SQL {
  if (!action.endsWith('.*')) return eq(auditEvents.action, action)
  const beginning = action.slice(0, -1).replace(/_/g, '\\_')
  return sql`${like(auditEvents.action, `${beginning}%`)} escape '\\'`
}

/** Null when the filter asks for no actor; empty when nobody is whom it asks for. */
async function actorsOf(ctx: Context, { actor, actorId, actorEmail }: AuditFilter): Promise<string[] | null> {
  const asked = [
    ...(actorId ? [[actorId]] : []),
    ...(actorEmail ? [await actorsOfEmail(ctx, actorEmail)] : []),
    ...(actor ? [[actor, ...(await actorsBeginningWith(ctx, actor))]] : []),
  ]
  if (asked.length === 0) return null
  return [...new Set(asked[0])].filter((id) => asked.every((ids) => ids.includes(id)))
}

async function tenantId({ db, scope }: Context, slug: string): Promise<string> {
  const seen = scope === 'all' ? undefined : inArray(tenants.id, [...scope])
  const [tenant] = await db
    .select({ id: tenants.id })
    .from(tenants)
    .where(and(eq(tenants.slug, slug), seen))
  return tenant?.id ?? notThere('tenantSlug', 'a tenant')
}

async function partnerId({ db }: Context, slug: string): Promise<string> {
  const [partner] = await db.select({ id: partners.id }).from(partners).where(eq(partners.slug, slug))
  return partner?.id ?? notThere('partnerSlug', 'a partner')
}

function notThere(name: string, what: string): never {
  const issues = [{ path: `query.${name}`, message: `${what} that is there` }]
  throw new ServiceError('VALIDATION', 'The filter names what is not there', { issues })
}

/** Rare values are looked up by their own index, so that they are found wherever in the years they lie. */
async function candidatesOf(
  { db }: Context,
  { actors, tag }: { actors: string[] | null; tag?: string },
): Promise<number[] | null> {
  const sets: { seq: number }[][] = []
  if (actors && actors.length !== 1)
    sets.push(
      await db
        .select({ seq: auditEvents.seq })
        .from(auditEvents)
        .where(inArray(auditEvents.actorId, actors))
        .limit(FEW + 1),
    )
  if (tag)
    sets.push(
      await db
        .select({ seq: auditEvents.seq })
        .from(auditPersonal)
        .innerJoin(auditEvents, eq(auditEvents.id, auditPersonal.eventId))
        .where(eq(auditPersonal.ipTag, tag))
        .limit(FEW + 1),
    )
  const [fewest] = sets.filter((rows) => rows.length <= FEW).sort((a, b) => a.length - b.length)
  return fewest?.map(({ seq }) => seq) ?? null
}
