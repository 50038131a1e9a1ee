import type { Db } from '#drizzle/client'
import type { FaultKind } from './faults'

/** What is looked at beside the leaves, each in one statement, so that what is written meanwhile cannot look like a fault. */
export interface TableCheck {
  kind: FaultKind
  /** What a row that is found tells. */
  what: string
  /** Finds offending rows. */
  sql: string
}

/** The guards of the migrations, by name: without them nothing has stopped a change. */
const GUARDS = [
  ...['events', 'dedup', 'logs', 'leaves', 'tiles', 'personal', 'subjects'].flatMap((table) =>
    ['update', 'delete', 'replace'].map((verb) => `audit_${table}_no_${verb}`),
  ),
  ...['audit_unsequenced_no_update', 'audit_unsequenced_no_delete', 'audit_events_queue'],
  ...['audit_leaves_index', 'audit_logs_generation', 'audit_events_id_unique'],
]

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
  },
  {
    kind: 'missing',
    what: 'an event whose disclosure is still there',
    sql: 'SELECT p.event_id FROM audit_personal p LEFT JOIN audit_events e ON e.id = p.event_id WHERE e.id IS NULL',
  },
  {
    kind: 'modified',
    what: 'a row of audit_dedup that names an event of another source',
    sql: `SELECT d.event_id FROM audit_dedup d JOIN audit_events e ON e.id = d.event_id
      WHERE e.source <> d.source OR e.external_id IS NOT d.external_id`,
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
export function offending(db: Db, { sql }: TableCheck): number {
  return (db.$client.prepare(`SELECT count(*) AS n FROM (${sql})`).get() as { n: number }).n
}

/** Events without a place, most of them admitted within the last second. */
export function unsequencedCount(db: Db): number {
  const sql = `SELECT count(*) AS n FROM audit_events e LEFT JOIN audit_leaves f ON f.event_seq = e.seq WHERE f.event_seq IS NULL`
  return (db.$client.prepare(sql).get() as { n: number }).n
}

/** The guards' names, for a test that holds them against the migrations. */
export const GUARD_NAMES: readonly string[] = GUARDS
