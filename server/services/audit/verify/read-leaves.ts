import { isUtf8 } from 'node:buffer'
import type { Db } from '#drizzle/client'
import { COPIES } from './copies'

/** The columns of `LEAVES`, in its order; null where a row is not there. */
type Columns = [
  leafIndex: number,
  hash: Buffer,
  content: string | null,
  contentHash: Buffer,
  dedupEventId: string | null,
  subjectId: string | null,
  salt: Buffer | null,
  box: string | null,
  ipTag: string | null,
  keyBox: string | null,
  emailTag: string | null,
  subjectCreatedAt: number | null,
  ...copies: unknown[],
]

/** A leaf with all that hangs on it. */
export type LeafRow = ReturnType<typeof leafOf>

function leafOf(columns: Columns) {
  const [leafIndex, hash, content, contentHash, dedupEventId, ...person] = columns
  const [subjectId, salt, box, ipTag, keyBox, emailTag, subjectCreatedAt, ...copies] = person
  const disclosure = { subjectId, salt, box, ipTag, keyBox, emailTag, subjectCreatedAt }
  return { leafIndex, hash, content, contentHash, dedupEventId, ...disclosure, copies }
}

// Written out: a builder would map each of millions of rows again.
const LEAVES = `
  SELECT f.leaf_index, f.hash, e.content, e.content_hash, d.event_id, p.subject_id, p.salt, p.box, p.ip_tag, s.key_box, s.email_tag,
    s.created_at, ${COPIES.map(([column]) => `e.${column}`).join(', ')}
  FROM audit_leaves f
  LEFT JOIN audit_events e ON e.seq = f.event_seq
  LEFT JOIN audit_dedup d ON d.source = e.source AND d.external_id = e.external_id
  LEFT JOIN audit_personal p ON p.event_id = e.id
  LEFT JOIN audit_subjects s ON s.id = p.subject_id
  WHERE f.log_id = ? AND f.leaf_index >= ? AND f.leaf_index < ?
  ORDER BY f.leaf_index`

/** The leaves of a log from one index up to another, in order. */
export function leavesOf(db: Db, logId: number, from: number, to: number): LeafRow[] {
  // As arrays: to name the columns of each row takes longer than to read it.
  const leaves = (db.$client.prepare(LEAVES).raw().all(logId, from, to) as Columns[]).map(leafOf)
  for (const leaf of leaves) if (leaf.content?.includes('\uFFFD')) leaf.content = exactContent(db, logId, leaf.leafIndex)
  return leaves
}

/**
 * An event's text, or another one where its bytes are no UTF-8: several bytes are read as the same U+FFFD, so that a change from one of
 * them to another could not be seen in the text.
 */
function exactContent(db: Db, logId: number, index: number): string {
  const sql = `SELECT CAST(content AS BLOB) AS content FROM audit_events
    WHERE seq = (SELECT event_seq FROM audit_leaves WHERE log_id = ? AND leaf_index = ?)`
  const { content } = db.$client.prepare(sql).get(logId, index) as { content: Buffer }
  return isUtf8(content) ? content.toString('utf8') : content.toString('latin1')
}

/** The hash of one leaf; null when there is none. */
export function hashAt(db: Db, logId: number, index: number): Buffer | null {
  const sql = 'SELECT hash FROM audit_leaves WHERE log_id = ? AND leaf_index = ?'
  return (db.$client.prepare(sql).get(logId, index) as { hash: Buffer } | undefined)?.hash ?? null
}

export function tileAt(db: Db, logId: number, level: number, index: number): { root: Buffer; hashes: Buffer } | null {
  const sql = 'SELECT root, hashes FROM audit_tiles WHERE log_id = ? AND level = ? AND tile_index = ?'
  return (db.$client.prepare(sql).get(logId, level, index) as { root: Buffer; hashes: Buffer } | undefined) ?? null
}

export function erasureDeclared(db: Db, subjectId: string): boolean {
  const sql = `SELECT 1 FROM audit_events WHERE action = 'privacy.erased' AND resource_id = ? LIMIT 1`
  return db.$client.prepare(sql).get(subjectId) !== undefined
}
