import { and, eq, inArray, like, lte, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { oneOf } from '#drizzle/prepared'
import { auditEvents, auditPersonal, auditRisks, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { findCandidates } from './read-candidates'
import { type Kinds, kindsOf } from './read-hours'
import { actorsBeginningWith, actorsOfEmail } from './read-people'
import { matchOf, matchOfIds } from './words'

/** A filter whose names are looked up. */
export interface Narrowed {
  /** The range, milliseconds since 1970; `until` is not in it. */
  since: number | undefined
  until: number | undefined
  /** What an index of the timeline answers beside the range: one tenant, partner or actor. */
  indexed: SQL | undefined
  /** What each event has to be looked at for; nothing when the index says it all. */
  looked: SQL | undefined
  /** Those of it that the hourly counters tell apart; null when there are none. */
  kinds: Kinds | null
  /** Free text, as the search index takes it. */
  match: string | null
  /** The only events that can match, where they are few. */
  candidates: number[] | null
  /** Whether there is more to it than what the index says. */
  isLooked: boolean
}

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
  const looked = and(
    ctx.scope === 'all' ? undefined : inArray(auditEvents.tenantId, [...ctx.scope]),
    ...others,
    ...plainConditions(filter),
    actors && actor === undefined ? oneOf(auditEvents.actorId, actors) : undefined,
    tag ? hasAddress(tag) : undefined,
  )
  const asked = filter.q === undefined ? null : matchOf(filter.q)
  const ids = matchOfIds([filter.resourceId, filter.externalId, filter.requestId])
  const { candidates, match } = await findCandidates(ctx, { actors, tag, ids, risk: Number(filter.risk ?? 0), match: asked })
  const range = { since: momentOf(filter.since), until: momentOf(filter.until) }
  return {
    ...range,
    indexed: leading,
    looked,
    kinds: kindsOf(filter),
    match,
    candidates,
    isLooked: Boolean(looked ?? match ?? candidates),
  }
}

/** The same, of what was admitted so far: the log only grows, so that it holds still. */
export function admittedUpTo(narrowed: Narrowed, seq: number): Narrowed {
  return { ...narrowed, indexed: and(narrowed.indexed, lte(auditEvents.seq, seq)) }
}

const hasAddress = (tag: string) =>
  sql`exists (select 1 from ${auditPersonal} where ${auditPersonal.eventId} = ${auditEvents.id} and ${auditPersonal.ipTag} = ${tag})`

/** An event whose risk is 0 has no row. */
const hasRisk = (least: number) =>
  least > 0
    ? sql`exists (select 1 from ${auditRisks} where ${auditRisks.eventSeq} = ${auditEvents.seq} and ${auditRisks.score} >= ${least})`
    : undefined

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
    filter.risk ? hasRisk(Number(filter.risk)) : undefined,
    // The bytes are canonical: no space, and one way to write it.
    filter.requestId ? sql`instr(${auditEvents.content}, ${`"requestId":${JSON.stringify(filter.requestId)}`}) > 0` : undefined,
  ]
}

const momentOf = (iso: string | undefined) => (iso === undefined ? undefined : Date.parse(iso))
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

async function partnerId({ db, scope }: Context, slug: string): Promise<string> {
  const seen = scope === 'all' ? undefined : inArray(partners.id, partnersOf(db, [...scope]))
  const [partner] = await db
    .select({ id: partners.id })
    .from(partners)
    .where(and(eq(partners.slug, slug), seen))
  return partner?.id ?? notThere('partnerSlug', 'a partner')
}

const partnersOf = (db: Context['db'], tenantIds: string[]) =>
  db.select({ id: tenants.partnerId }).from(tenants).where(inArray(tenants.id, tenantIds))

function notThere(name: string, what: string): never {
  const issues = [{ path: `query.${name}`, message: `${what} that is there` }]
  throw new ServiceError('VALIDATION', 'The filter names what is not there', { issues })
}
