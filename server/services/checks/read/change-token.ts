import { and, asc, desc, gt, max, ne } from 'drizzle-orm'
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

/** When the first event of the live stream about checks after `id` came, milliseconds since 1970; 0 when it is no longer kept. */
export async function toldAfter({ database }: Context, id: number): Promise<number> {
  const [row] = await firstToldAfter(database.read, { id })
  return row?.at ?? 0
}

const firstToldAfter = prepared<{ id: number }, { at: number }[]>((db) =>
  db
    .select({ at: liveEvents.at })
    .from(liveEvents)
    .where(and(gt(liveEvents.id, placeholders('id').id), ne(liveEvents.type, 'audit')))
    .orderBy(asc(liveEvents.id))
    .limit(1),
)

const lastTold = prepared<Record<string, never>, { id: number }[]>((db) =>
  db.select({ id: liveEvents.id }).from(liveEvents).where(ne(liveEvents.type, 'audit')).orderBy(desc(liveEvents.id)).limit(1),
)
