import type { Db } from '#drizzle/client'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditDedup, auditEvents, auditPersonal, auditSubjects } from '#drizzle/schema/sqlite'

/** A row of `audit_events`. Its content is the canonical text, of whose fields the other columns are copies. */
export type EventRow = Required<Omit<typeof auditEvents.$inferInsert, 'seq'>>

export const insertEvent = preparedInsert(auditEvents, { without: ['seq'] })

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
