import type { Reader } from '#drizzle/reader'
import type { FaultKind } from './faults'

/** What is looked at beside the leaves, each in one statement, so that what is written meanwhile cannot look like a fault. */
export interface TableCheck {
  kind: FaultKind
  /** What a row that is found tells. */
  what: string
  /** Finds offending rows. */
  sql: string
  /** Says as `even` = 1 that there can be none. */
  unless?: string
}

/** The guards of the migrations, by name: without them nothing has stopped a change. */
const GUARDS = [
  ...['events', 'dedup', 'logs', 'leaves', 'tiles', 'personal', 'subjects'].flatMap((table) =>
    ['update', 'delete', 'replace'].map((verb) => `audit_${table}_no_${verb}`),
  ),
  ...['audit_unsequenced_no_update', 'audit_unsequenced_no_delete', 'audit_events_queue'],
  ...['audit_leaves_index', 'audit_logs_generation', 'audit_events_id_unique'],
]

/**
 * Each event that was received has a row of its own in audit_dedup: the walk looks for it by the event's source and external id. Where
 * there are as many rows as such events, none is left over, and each need not be held against its event, wherever that lies.
 */
const AS_MANY_RECEIVED = 'SELECT (SELECT count(*) FROM audit_dedup) = (SELECT count(external_id) FROM audit_events) AS even'

export const TABLE_CHECKS: TableCheck[] = [
  {
    kind: 'missing',
    what: 'a trigger or a unique index of the audit tables',
    sql: `SELECT value FROM json_each('${JSON.stringify(GUARDS)}') WHERE value NOT IN (SELECT name FROM sqlite_master)`,
  },
  {
    kind: 'missing',
    what: 'an event that was received: its row of audit_dedup is still there',
    sql: 'SELECT d.event_id FROM audit_dedup d LEFT JOIN audit_events e ON e.id = d.event_id WHERE e.id IS NULL',
    unless: AS_MANY_RECEIVED,
  },
  {
    kind: 'missing',
    what: 'an event whose disclosure is still there',
    // Ordered, so that two indexes are read side by side.
    sql: 'SELECT event_id FROM audit_personal EXCEPT SELECT id FROM audit_events ORDER BY 1',
  },
  {
    kind: 'modified',
    what: 'a row of audit_dedup that names an event of another source',
    sql: `SELECT d.event_id FROM audit_dedup d JOIN audit_events e ON e.id = d.event_id
      WHERE e.source <> d.source OR e.external_id IS NOT d.external_id`,
    unless: AS_MANY_RECEIVED,
  },
  {
    kind: 'missing',
    what: 'the row of audit_dedup of an event that waits for its place',
    // CROSS as SQLite takes it: from the few that wait, not from all events.
    sql: `SELECT u.event_seq FROM audit_unsequenced u CROSS JOIN audit_events e ON e.seq = u.event_seq
      LEFT JOIN audit_dedup d ON d.source = e.source AND d.external_id = e.external_id
      WHERE e.external_id IS NOT NULL AND d.event_id IS NOT e.id`,
  },
  {
    kind: 'modified',
    what: 'a leaf at an index, or of an event with a number, that there cannot be',
    sql: `SELECT event_seq FROM audit_leaves
      WHERE typeof(leaf_index) <> 'integer' OR leaf_index < 0 OR event_seq < 1 OR event_seq > ${Number.MAX_SAFE_INTEGER}`,
  },
  {
    kind: 'missing',
    what: 'a leaf: the tile that it filled is still there',
    sql: `SELECT t.log_id FROM audit_tiles t LEFT JOIN audit_leaves f
      ON f.log_id = t.log_id AND f.leaf_index = ((t.tile_index + 1) << (8 * (t.level + 1))) - 1 WHERE f.event_seq IS NULL`,
  },
  {
    kind: 'missing',
    what: 'an event that has no place in a log and waits for none',
    sql: `SELECT e.seq FROM audit_events e LEFT JOIN audit_leaves f ON f.event_seq = e.seq
      LEFT JOIN audit_unsequenced u ON u.event_seq = e.seq WHERE f.event_seq IS NULL AND u.event_seq IS NULL`,
  },
  {
    kind: 'modified',
    what: 'a place in the queue that no event has',
    sql: `SELECT u.event_seq FROM audit_unsequenced u LEFT JOIN audit_events e ON e.seq = u.event_seq
      LEFT JOIN audit_leaves f ON f.event_seq = u.event_seq WHERE e.seq IS NULL OR f.event_seq IS NOT NULL`,
  },
  {
    kind: 'missing',
    what: 'a log: its leaves or tiles are still there',
    sql: `SELECT log_id FROM (SELECT DISTINCT log_id FROM audit_leaves UNION SELECT DISTINCT log_id FROM audit_tiles)
      WHERE log_id NOT IN (SELECT id FROM audit_logs)`,
  },
]

/** How many rows a check finds. */
export function offending(db: Reader, { sql, unless }: TableCheck): number {
  if (unless !== undefined && (db.$client.prepare(unless).get() as { even: number }).even === 1) return 0
  return (db.$client.prepare(`SELECT count(*) AS n FROM (${sql})`).get() as { n: number }).n
}

/** Events without a place, most of them admitted within the last second. */
export function unsequencedCount(db: Reader): number {
  const sql = `SELECT count(*) AS n FROM audit_events e LEFT JOIN audit_leaves f ON f.event_seq = e.seq WHERE f.event_seq IS NULL`
  return (db.$client.prepare(sql).get() as { n: number }).n
}

/** The guards' names, for a test that holds them against the migrations. */
export const GUARD_NAMES: readonly string[] = GUARDS
