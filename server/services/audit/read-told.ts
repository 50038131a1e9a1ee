import { desc, inArray } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditEvents } from '#drizzle/schema/sqlite'
import type { LiveAudit } from '#shared/schemas/live'
import type { Queued } from './store-log'

/** Of one slice; whoever wants the rest asks for a page. */
const TOLD = 20

/** What the live stream tells of events that got their place: how many, and of the newest what filters go by; nothing of a person. */
export async function toldOf(tx: Db, placed: readonly Queued[]): Promise<LiveAudit> {
  const { seq, id, at, action, category, severity, outcome, source, actorType, resourceType, tenantId, partnerId } = auditEvents
  const newest = placed.slice(-TOLD).map((event) => event.seq)
  const events = await tx
    .select({ seq, id, at, action, category, severity, outcome, source, actorType, resourceType, tenantId, partnerId })
    .from(auditEvents)
    .where(inArray(seq, newest))
    .orderBy(desc(seq))
  return { count: placed.length, events: events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })) }
}
