import type { Db } from '#drizzle/client'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditDedup, auditEvents, auditPersonal, auditSubjects } from '#drizzle/schema/sqlite'
import type { Prepared } from './prepare'

const insertRow = preparedInsert(auditEvents, { without: ['seq'] })

export async function insertEvent(tx: Db, { content, text, hash, tenantId, partnerId }: Prepared): Promise<void> {
  await insertRow(tx, {
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
    contentHash: hash as Buffer,
  })
}

/** Says false when this (source, externalId) is already known. */
export const rememberExternalId = preparedInsert(auditDedup, { keepFirst: true })

const KEY_BOX = 'SELECT key_box AS keyBox FROM audit_subjects WHERE id = ?'

/** The sealed key of a subject; null when it has none. */
export function keyBoxOf(tx: Db, subjectId: string): string | null {
  const row = tx.$client.prepare(KEY_BOX).get(subjectId) as { keyBox: string } | undefined
  return row?.keyBox ?? null
}

export const insertSubject = preparedInsert(auditSubjects)
export const insertPersonal = preparedInsert(auditPersonal)
