import { and, desc, gt, max, ne } from 'drizzle-orm'
import { auditEvents, liveEvents } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** The latest event of the audit log that no check run wrote, later than `seq`; `seq` itself when there is none. */
export async function lastChangeByPeople({ database }: Context, seq: number): Promise<number> {
  const [later] = await database.read
    .select({ seq: max(auditEvents.seq) })
    .from(auditEvents)
    .where(and(gt(auditEvents.seq, seq), ne(auditEvents.action, 'check.changed')))
  return later?.seq ?? seq
}

/** The latest event of the live stream about checks: it moves with each stored look and each change of the monitor's state. */
export async function lastLiveId({ database }: Context): Promise<number> {
  const rows = database.read.select({ id: liveEvents.id }).from(liveEvents).where(ne(liveEvents.type, 'audit'))
  const [row] = await rows.orderBy(desc(liveEvents.id)).limit(1)
  return row?.id ?? 0
}
