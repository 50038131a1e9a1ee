import type { Db } from '#drizzle/client'
import type { AuditEvent } from '#shared/schemas/audit'

/** An event with all that is told of it; null where a row is not there. */
export interface EventRow extends Pick<AuditEvent, 'seq' | 'id' | 'action' | 'category' | 'source' | 'externalId'> {
  severity: AuditEvent['severity']
  outcome: AuditEvent['outcome']
  /** Milliseconds since 1970. */
  at: number
  receivedAt: number
  actorType: string
  actorId: string
  resourceType: string
  resourceId: string
  content: string
  tenantId: string | null
  tenantSlug: string | null
  tenantName: string | null
  partnerId: string | null
  partnerSlug: string | null
  /** The disclosure, sealed, and the subject's key that opens it. */
  box: string | null
  keyBox: string | null
  score: number | null
  anomalous: number | null
  factors: string | null
  /** The place in its log: null for up to a second after the commit. */
  scope: string | null
  generation: number | null
  leafIndex: number | null
  hash: string | null
  /** Null for the first leaf, too. */
  prevHash: string | null
}

// Written out: a page is this one statement, and a builder would map each row of it again. The pluses keep SQLite from walking the
// timeline: the few that are named are read and sorted.
const ROWS = `
  SELECT e.seq, e.id, e.at, e.received_at AS receivedAt, e.source, e.external_id AS externalId, e.action, e.category, e.severity,
    e.outcome, e.actor_type AS actorType, e.actor_id AS actorId, e.resource_type AS resourceType, e.resource_id AS resourceId,
    e.content, e.tenant_id AS tenantId, t.slug AS tenantSlug, t.name AS tenantName, e.partner_id AS partnerId,
    p.slug AS partnerSlug, d.box, s.key_box AS keyBox, r.score, r.anomalous, r.factors, l.scope, l.generation,
    f.leaf_index AS leafIndex, nullif(lower(hex(f.hash)), '') AS hash, nullif(lower(hex(b.hash)), '') AS prevHash
  FROM audit_events e
  LEFT JOIN tenants t ON t.id = e.tenant_id
  LEFT JOIN partners p ON p.id = e.partner_id
  LEFT JOIN audit_personal d ON d.event_id = e.id
  LEFT JOIN audit_subjects s ON s.id = d.subject_id
  LEFT JOIN audit_risks r ON r.event_seq = e.seq
  LEFT JOIN audit_leaves f ON f.event_seq = e.seq
  LEFT JOIN audit_logs l ON l.id = f.log_id
  LEFT JOIN audit_leaves b ON b.log_id = f.log_id AND b.leaf_index = f.leaf_index - 1
  WHERE e.seq IN (SELECT value FROM json_each(?))
  ORDER BY +e.at DESC, +e.seq DESC`

/** The rows of these events, newest first. */
export function rowsOf(db: Db, seqs: readonly number[]): EventRow[] {
  return db.$client.prepare(ROWS).all(JSON.stringify(seqs)) as EventRow[]
}
