import { and, desc, gt, max, ne } from 'drizzle-orm'
import { placeholders, prepared } from '#drizzle/prepared'
import { auditEvents, liveEvents } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** The latest event of the audit log that no check run wrote, later than `seq`; `seq` itself when there is none. */
export async function lastChangeByPeople({ database }: Context, seq: number): Promise<number> {
  const [later] = await changesAfter(database.read, { seq })
  return later?.seq ?? seq
}

// Both are asked for with every answer.
const changesAfter = prepared<{ seq: number }, { seq: number | null }[]>((db) =>
  db
    .select({ seq: max(auditEvents.seq) })
    .from(auditEvents)
    .where(and(gt(auditEvents.seq, placeholders('seq').seq), ne(auditEvents.action, 'check.changed'))),
)

/** The latest event of the live stream about checks: it moves with each stored look and each change of the monitor's state. */
export async function lastLiveId({ database }: Context): Promise<number> {
  const [row] = await lastTold(database.read, {})
  return row?.id ?? 0
}

const lastTold = prepared<Record<string, never>, { id: number }[]>((db) =>
  db.select({ id: liveEvents.id }).from(liveEvents).where(ne(liveEvents.type, 'audit')).orderBy(desc(liveEvents.id)).limit(1),
)
