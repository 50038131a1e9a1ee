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

/** Where each field comes from. */
const COLUMNS: Record<keyof EventRow, string> = {
  seq: 'e.seq',
  id: 'e.id',
  at: 'e.at',
  receivedAt: 'e.received_at',
  source: 'e.source',
  externalId: 'e.external_id',
  action: 'e.action',
  category: 'e.category',
  severity: 'e.severity',
  outcome: 'e.outcome',
  actorType: 'e.actor_type',
  actorId: 'e.actor_id',
  resourceType: 'e.resource_type',
  resourceId: 'e.resource_id',
  content: 'e.content',
  tenantId: 'e.tenant_id',
  tenantSlug: 't.slug',
  tenantName: 't.name',
  partnerId: 'e.partner_id',
  partnerSlug: 'p.slug',
  box: 'd.box',
  keyBox: 's.key_box',
  score: 'r.score',
  anomalous: 'r.anomalous',
  factors: 'r.factors',
  scope: 'l.scope',
  generation: 'l.generation',
  leafIndex: 'f.leaf_index',
  hash: "nullif(lower(hex(f.hash)), '')",
  prevHash: "nullif(lower(hex(b.hash)), '')",
}

// Written out: a page is this one statement, and a builder would map each row of it again. The pluses keep SQLite from walking the
// timeline: the few that are named are read and sorted.
const ROWS = `
  SELECT ${Object.values(COLUMNS).join(', ')}
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
  // As arrays, named here: SQLite's binding takes a third of the whole read to name them.
  return (db.$client.prepare(ROWS).raw().all(JSON.stringify(seqs)) as unknown[][]).map(named)
}

const FIELDS = Object.keys(COLUMNS)
const NOTHING = Object.fromEntries(FIELDS.map((field) => [field, null]))

function named(values: unknown[]): EventRow {
  // A copy has room for all fields at once; else the row grows one by one, which costs more than to read it.
  const row: Record<string, unknown> = { ...NOTHING }
  for (let n = 0; n < FIELDS.length; n++) row[FIELDS[n]!] = values[n]
  return row as unknown as EventRow
}
