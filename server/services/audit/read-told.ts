import { desc } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { among, prepared } from '#drizzle/prepared'
import { auditEvents } from '#drizzle/schema/sqlite'
import type { LiveAudit } from '#shared/schemas/live'
import type { Queued } from './store-log'

/** Of one slice; whoever wants the rest asks for a page. */
const TOLD = 20

const { seq, id, at, action, category, severity, outcome, source, actorType, resourceType, tenantId, partnerId } = auditEvents
const told = { seq, id, at, action, category, severity, outcome, source, actorType, resourceType, tenantId, partnerId }
const newestOf = prepared((db) => db.select(told).from(auditEvents).where(among(seq, 'seqs')).orderBy(desc(seq)))

/** What the live stream tells of events that got their place: how many, and of the newest what filters go by; nothing of a person. */
export async function toldOf(tx: Db, placed: readonly Queued[]): Promise<LiveAudit> {
  const events = await newestOf(tx, { seqs: JSON.stringify(placed.slice(-TOLD).map((event) => event.seq)) })
  return { count: placed.length, events: events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })) }
}
