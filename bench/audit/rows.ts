import type SQLite from 'better-sqlite3'

/** Rows to insert, by table, in the order in which the tables want them. */
export type Rows = Record<string, Record<string, unknown>[]>

/** What an append and its place leave behind, by table; every statement takes the first and the last seq. */
const TABLES = {
  audit_events: 'select * from audit_events where seq between ? and ?',
  audit_dedup: `select source, external_id, id as event_id from audit_events
    where seq between ? and ? and external_id is not null order by seq`,
  // A subject comes with the first event of the log that speaks of it.
  audit_subjects: `select s.* from audit_subjects s where s.id in
    (select p.subject_id from audit_events e join audit_personal p on p.event_id = e.id where e.seq between ? and ?
      and e.received_at = s.created_at)`,
  audit_personal:
    'select p.* from audit_events e join audit_personal p on p.event_id = e.id where e.seq between ? and ? order by e.seq',
  audit_leaves: 'select * from audit_leaves where event_seq between ? and ? order by event_seq',
  audit_risks: 'select * from audit_risks where event_seq between ? and ? order by event_seq',
}

/** The rows of these events as a log holds them. */
export function rowsOfEvents(log: SQLite.Database, first: number, last: number): Rows {
  return Object.fromEntries(
    Object.entries(TABLES).map(([table, sql]) => [table, log.prepare(sql).all(first, last) as Rows[string]]),
  )
}

/** The last event of a log. */
export const placedUpTo = (log: SQLite.Database) => log.prepare('select max(seq) from audit_events').pluck().get() as number
