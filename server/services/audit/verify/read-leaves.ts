import type { Db } from '#drizzle/client'

/** A leaf with all that hangs on it; null where a row is not there. */
export interface LeafRow {
  leafIndex: number
  hash: Buffer
  id: string | null
  content: Buffer | null
  contentHash: Buffer
  at: number
  receivedAt: number
  scope: string
  source: string
  externalId: string | null
  action: string
  category: string
  severity: string
  outcome: string
  actorType: string
  actorId: string
  resourceType: string
  resourceId: string
  tenantId: string | null
  partnerId: string | null
  dedupEventId: string | null
  subjectId: string | null
  salt: Buffer | null
  box: string | null
  ipTag: string | null
  keyBox: string | null
  emailTag: string | null
  subjectCreatedAt: number | null
}

// Written out: a builder would map each of millions of rows again, and decode the bytes that are to be hashed.
const LEAVES = `
  SELECT f.leaf_index AS leafIndex, f.hash, e.id, CAST(e.content AS BLOB) AS content, e.content_hash AS contentHash, e.at,
    e.received_at AS receivedAt, e.scope, e.source, e.external_id AS externalId, e.action, e.category, e.severity, e.outcome,
    e.actor_type AS actorType, e.actor_id AS actorId, e.resource_type AS resourceType, e.resource_id AS resourceId,
    e.tenant_id AS tenantId, e.partner_id AS partnerId, d.event_id AS dedupEventId, p.subject_id AS subjectId, p.salt, p.box,
    p.ip_tag AS ipTag, s.key_box AS keyBox, s.email_tag AS emailTag, s.created_at AS subjectCreatedAt
  FROM audit_leaves f
  LEFT JOIN audit_events e ON e.seq = f.event_seq
  LEFT JOIN audit_dedup d ON d.source = e.source AND d.external_id = e.external_id
  LEFT JOIN audit_personal p ON p.event_id = e.id
  LEFT JOIN audit_subjects s ON s.id = p.subject_id
  WHERE f.log_id = ? AND f.leaf_index >= ? AND f.leaf_index < ?
  ORDER BY f.leaf_index`

export function leavesOf(db: Db, logId: number, from: number, to: number): LeafRow[] {
  return db.$client.prepare(LEAVES).all(logId, from, to) as LeafRow[]
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
