import { and, asc, desc, eq, gt, inArray, lt, lte, or } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditAssessed, auditEvents, auditPersonal, auditRisks } from '#drizzle/schema/sqlite'

const ONLY_ROW = 1

/** The seq up to which risks are known. */
export async function assessedUpTo(db: Db): Promise<number> {
  const [row] = await db.select().from(auditAssessed).where(eq(auditAssessed.id, ONLY_ROW))
  return row?.seq ?? 0
}

export async function markAssessed(tx: Db, seq: number): Promise<void> {
  const row = { id: ONLY_ROW, seq }
  await tx.insert(auditAssessed).values(row).onConflictDoUpdate({ target: auditAssessed.id, set: { seq } })
}

/** Whether an event waits for its risk. */
export async function anyUnassessed(db: Db): Promise<boolean> {
  const waiting = db
    .select({ seq: auditEvents.seq })
    .from(auditEvents)
    .where(gt(auditEvents.seq, await assessedUpTo(db)))
  return (await waiting.limit(1)).length > 0
}

const seen = {
  seq: auditEvents.seq,
  at: auditEvents.at,
  action: auditEvents.action,
  category: auditEvents.category,
  severity: auditEvents.severity,
  outcome: auditEvents.outcome,
  actorType: auditEvents.actorType,
  actorId: auditEvents.actorId,
  address: auditPersonal.ipTag,
}
export type Seen = Awaited<ReturnType<typeof eventsAfter>>[number]

/** Events after a seq, in the order of their admission. */
export function eventsAfter(db: Db, seq: number, limit: number) {
  return db
    .select(seen)
    .from(auditEvents)
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, auditEvents.id))
    .where(gt(auditEvents.seq, seq))
    .orderBy(asc(auditEvents.seq))
    .limit(limit)
}

/** The last events of an actor before one of them, the newest first: one stretch of the index of actors. */
export function eventsOfActorBefore(db: Db, { actorId, at, seq }: Pick<Seen, 'actorId' | 'at' | 'seq'>, limit: number) {
  const before = or(lt(auditEvents.at, at), and(eq(auditEvents.at, at), lt(auditEvents.seq, seq)))
  return db
    .select({ at: auditEvents.at, address: auditPersonal.ipTag })
    .from(auditEvents)
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, auditEvents.id))
    .where(and(eq(auditEvents.actorId, actorId), lte(auditEvents.at, at), before))
    .orderBy(desc(auditEvents.at), desc(auditEvents.seq))
    .limit(limit)
}

/** Failed sign-ins among the last events up to a seq, the oldest first. `last` bounds how many rows are looked at. */
export function failuresUpTo(db: Db, seq: number, last: number) {
  const failed = and(eq(auditEvents.outcome, 'failure'), eq(auditEvents.category, 'authentication'))
  return db
    .select(seen)
    .from(auditEvents)
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, auditEvents.id))
    .where(and(gt(auditEvents.seq, seq - last), lte(auditEvents.seq, seq), failed))
    .orderBy(asc(auditEvents.seq))
}

export const insertRisk = preparedInsert(auditRisks)

/** The risks of events, by seq; an event without a row has none. */
export async function riskRows(db: Db, seqs: readonly number[]): Promise<Map<number, typeof auditRisks.$inferSelect>> {
  const rows = await db
    .select()
    .from(auditRisks)
    .where(inArray(auditRisks.eventSeq, [...seqs]))
  return new Map(rows.map((row) => [row.eventSeq, row]))
}
