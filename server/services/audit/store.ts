import { eq, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { placeholders, prepared } from '#drizzle/prepared'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditDedup, auditEvents, auditPersonal, auditSubjects } from '#drizzle/schema/sqlite'
import type { EventContent } from './canonical'

interface EventRow {
  content: EventContent
  text: string
  hash: Buffer
  tenantId?: string
  partnerId?: string | null
}

const insertRow = preparedInsert(auditEvents, { without: ['seq'] })

export function insertEvent(tx: Db, { content, text, hash, tenantId, partnerId }: EventRow): Promise<void> {
  return insertRow(tx, {
    id: content.id,
    at: content.at,
    receivedAt: content.recv,
    scope: content.scope,
    source: content.meta.source,
    externalId: content.meta.ext ?? null,
    action: content.action,
    category: content.meta.category,
    severity: content.meta.severity,
    outcome: content.meta.outcome,
    actorType: content.actor.type,
    actorId: content.actor.id,
    resourceType: content.resource.type,
    resourceId: content.resource.id,
    tenantId: tenantId ?? null,
    partnerId: partnerId ?? null,
    content: text,
    contentHash: hash,
  })
}

const insertDedup = prepared<typeof auditDedup.$inferInsert, { eventId: string }[]>((db) =>
  db
    .insert(auditDedup)
    .values(placeholders('source', 'externalId', 'eventId'))
    .onConflictDoNothing()
    .returning({ eventId: auditDedup.eventId }),
)

/** False when this (source, externalId) is already known. */
export async function rememberExternalId(tx: Db, source: string, externalId: string, eventId: string): Promise<boolean> {
  return (await insertDedup(tx, { source, externalId, eventId })).length === 1
}

const subjectsById = prepared<{ id: string }, { keyBox: string }[]>((db) =>
  db
    .select({ keyBox: auditSubjects.keyBox })
    .from(auditSubjects)
    .where(eq(auditSubjects.id, sql.placeholder('id'))),
)

/** The sealed key of a subject; null when it has none. */
export async function keyBoxOf(tx: Db, subjectId: string): Promise<string | null> {
  return (await subjectsById(tx, { id: subjectId }))[0]?.keyBox ?? null
}

export const insertSubject = preparedInsert(auditSubjects)
export const insertPersonal = preparedInsert(auditPersonal)
