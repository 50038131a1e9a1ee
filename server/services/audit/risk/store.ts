import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { prepared } from '#drizzle/prepared'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditAssessed, auditEvents, auditPersonal, auditRisks } from '#drizzle/schema/sqlite'

const ONLY_ROW = 1

const { placeholder } = sql
const assessed = prepared((db) => db.select().from(auditAssessed).where(eq(auditAssessed.id, ONLY_ROW)))

/** The seq up to which risks are known. */
export async function assessedUpTo(db: Db): Promise<number> {
  return (await assessed(db, {}))[0]?.seq ?? 0
}

const setAssessed = prepared((db) =>
  db
    .insert(auditAssessed)
    .values({ id: ONLY_ROW, seq: placeholder('seq') })
    .onConflictDoUpdate({ target: auditAssessed.id, set: { seq: sql`excluded.seq` } }),
)

export async function markAssessed(tx: Db, seq: number): Promise<void> {
  await setAssessed(tx, { seq })
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

/** An event as its risk is found. */
export interface Seen {
  seq: number
  at: number
  action: string
  category: string
  severity: string
  outcome: string
  actorType: string
  actorId: string
  /** Keyed tag of the IP address. */
  address: string | null
}

const AFTER = `SELECT e.seq, e.at, e.action, e.category, e.severity, e.outcome, e.actor_type AS actorType, e.actor_id AS actorId,
  p.ip_tag AS address FROM audit_events e LEFT JOIN audit_personal p ON p.event_id = e.id
  WHERE e.seq > ? ORDER BY e.seq LIMIT ?`

/** Events after a seq, in the order of their admission. */
export function eventsAfter(db: Db, seq: number, limit: number): Seen[] {
  return db.$client.prepare(AFTER).all(seq, limit) as Seen[]
}

const ofActorBefore = prepared((db) =>
  db
    .select({ at: auditEvents.at, address: auditPersonal.ipTag })
    .from(auditEvents)
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, auditEvents.id))
    .where(
      and(
        eq(auditEvents.actorId, placeholder('actorId')),
        sql`(${auditEvents.at}, ${auditEvents.seq}) < (${placeholder('at')}, ${placeholder('seq')})`,
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.seq))
    .limit(placeholder('limit')),
)

/** The last events of an actor before one of them, the newest first: one stretch of the index of actors. */
export const eventsOfActorBefore = (db: Db, { actorId, at, seq }: Pick<Seen, 'actorId' | 'at' | 'seq'>, limit: number) =>
  ofActorBefore(db, { actorId, at, seq, limit })

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
