import { eq } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
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

/** False when this (source, externalId) is already known. */
export async function rememberExternalId(tx: Db, source: string, externalId: string, eventId: string): Promise<boolean> {
  const rows = await tx.insert(auditDedup).values({ source, externalId, eventId }).onConflictDoNothing().returning()
  return rows.length === 1
}

/** The sealed key of a subject; `fresh` becomes it when the subject is new. */
export async function subjectKeyBox(tx: Db, fresh: typeof auditSubjects.$inferInsert): Promise<string> {
  const [made] = await tx.insert(auditSubjects).values(fresh).onConflictDoNothing().returning()
  if (made) return made.keyBox
  const [known] = await tx.select({ keyBox: auditSubjects.keyBox }).from(auditSubjects).where(eq(auditSubjects.id, fresh.id))
  return known!.keyBox
}

export const insertPersonal = preparedInsert(auditPersonal)
