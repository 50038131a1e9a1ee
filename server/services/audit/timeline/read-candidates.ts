import { eq, gte } from 'drizzle-orm'
import { oneOf } from '#drizzle/prepared'
import { auditEvents, auditPersonal, auditRisks } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { matching, matchingAmong, mayHold } from './read-search'

/** More candidates than this are no help, and would be no short statement. */
const FEW = 2_000

/** What is asked for that has an index of its own. */
export interface Asked {
  /** Null: any actor. */
  actors: string[] | null
  /** Of an IP address. */
  tag: string | undefined
  /** Ids that stand in every event that is asked for, as the search index takes them. */
  ids: string | null
  /** Least score; an event whose risk is 0 has none. */
  risk: number
  /** Free text, as the search index takes it. */
  match: string | null
}

/**
 * The events that hold a rare value, found wherever in the years they lie; null when nothing asked for is rare. `match` is what then still
 * has to be asked of the search index.
 */
export async function findCandidates(ctx: Context, asked: Asked): Promise<{ candidates: number[] | null; match: string | null }> {
  const matched = asked.match === null ? null : few(await matching(ctx, asked.match, FEW + 1))
  if (matched) return { candidates: matched, match: null }
  const held = await heldBy(ctx, asked)
  if (!held || asked.match === null) return { candidates: held, match: asked.match }
  return { candidates: await matchingAmong(ctx.db, asked.match, held), match: null }
}

async function heldBy(ctx: Context, { ids, actors, tag, risk }: Asked): Promise<number[] | null> {
  return (
    few(await ofIds(ctx, ids)) ??
    few(await ofActors(ctx, actors)) ??
    few(await ofAddress(ctx, tag)) ??
    few(await ofRisk(ctx, risk))
  )
}

const few = (rows: { seq: number }[] | null) => (rows && rows.length <= FEW ? rows.map(({ seq }) => seq) : null)

async function ofIds({ db }: Context, ids: string | null): Promise<{ seq: number }[] | null> {
  return ids === null ? null : mayHold(db, ids, FEW + 1)
}

async function ofRisk({ db }: Context, least: number): Promise<{ seq: number }[] | null> {
  if (least <= 0) return null
  const rows = db.select({ seq: auditRisks.eventSeq }).from(auditRisks).where(gte(auditRisks.score, least))
  return rows.limit(FEW + 1)
}

/** One actor has its place in the timeline's own indexes. */
async function ofActors({ db }: Context, actors: string[] | null): Promise<{ seq: number }[] | null> {
  if (actors === null || actors.length === 1) return null
  const rows = db.select({ seq: auditEvents.seq }).from(auditEvents).where(oneOf(auditEvents.actorId, actors))
  return rows.limit(FEW + 1)
}

async function ofAddress({ db }: Context, tag: string | undefined): Promise<{ seq: number }[] | null> {
  if (tag === undefined) return null
  return db
    .select({ seq: auditEvents.seq })
    .from(auditPersonal)
    .innerJoin(auditEvents, eq(auditEvents.id, auditPersonal.eventId))
    .where(eq(auditPersonal.ipTag, tag))
    .limit(FEW + 1)
}
