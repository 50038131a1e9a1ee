import type { Db } from '#drizzle/client'
import type { Queued } from './store-log'

const WORDS = `INSERT INTO timeline_search (rowid, words)
  SELECT seq, words FROM timeline_words WHERE seq IN (SELECT value FROM json_each(?))`

const HOURS = `INSERT INTO timeline_hours (hour, category, severity, outcome, events)
  SELECT CAST(floor(at / 3600000.0) AS INTEGER), category, severity, outcome, count(*) FROM audit_events
  WHERE seq IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4
  ON CONFLICT DO UPDATE SET events = events + excluded.events`

/**
 * What the timeline is searched and counted by, for events that get their place: one statement each. Both can be made anew from the
 * events (see their migration) and are no part of the proof.
 */
export function fillSideTables(tx: Db, events: readonly Queued[]): void {
  const seqs = JSON.stringify(events.map(({ seq }) => seq))
  for (const statement of [WORDS, HOURS]) tx.$client.prepare(statement).run(seqs)
}
