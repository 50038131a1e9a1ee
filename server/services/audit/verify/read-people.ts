import type { Reader } from '#drizzle/reader'

export interface SubjectRow {
  keyBox: string
  emailTag: string | null
  createdAt: number
}

/** A subject; null when there is none, as after an erasure. */
export function subjectAt(db: Reader, subjectId: string): SubjectRow | null {
  const sql = 'SELECT key_box AS keyBox, email_tag AS emailTag, created_at AS createdAt FROM audit_subjects WHERE id = ?'
  return (db.$client.prepare(sql).get(subjectId) as SubjectRow | undefined) ?? null
}

/** Whether an event says that the subject was erased. */
export function erasureDeclared(db: Reader, subjectId: string): boolean {
  const sql = `SELECT 1 FROM audit_events WHERE action = 'privacy.erased' AND resource_id = ? LIMIT 1`
  return db.$client.prepare(sql).get(subjectId) !== undefined
}
