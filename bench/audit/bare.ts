import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { applyPragmas } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { timed } from '../lib/stats'
import { placedUpTo, type Rows, rowsOfEvents } from './rows'

/** Events of one commit, and of one reading of the log that is copied. */
const [GROUP, CHUNK] = [500, 10_000]

/** What search and totals need, as the portal itself writes it. */
const SIDE = [
  'INSERT INTO timeline_search (rowid, words) SELECT seq, words FROM timeline_words WHERE seq BETWEEN ? AND ?',
  `INSERT INTO timeline_hours (hour, category, severity, outcome, events)
    SELECT CAST(floor(at / 3600000.0) AS INTEGER), category, severity, outcome, count(*) FROM audit_events
    WHERE seq BETWEEN ? AND ? GROUP BY 1, 2, 3, 4 ON CONFLICT DO UPDATE SET events = events + excluded.events`,
  'DELETE FROM audit_unsequenced WHERE event_seq BETWEEN ? AND ?',
]

/**
 * Copies the rows of a log into a fresh database by a bare loop: the same tables, indexes, triggers, search and counters, the same pragmas,
 * 500 events a commit, and nothing of ours around it.
 * @returns milliseconds of the inserts, without the reading
 */
export async function bareInsertMs(logFile: string, folder: string): Promise<number> {
  const file = join(folder, 'bare.db')
  migrateDatabase(file, MIGRATIONS_DIR)
  const bare = new SQLite(file)
  applyPragmas(bare)
  const log = new SQLite(logFile, { readonly: true })
  for (const table of ['partners', 'tenants']) insertAll(bare, table, rowsOfTable(log, table))
  const side = SIDE.map((sql) => bare.prepare(sql))
  let ms = 0
  for (let from = 1, end = placedUpTo(log); from <= end; from += CHUNK) {
    const groups = Array.from({ length: CHUNK / GROUP }, (_, n) => {
      const [first, last] = [from + n * GROUP, from + (n + 1) * GROUP - 1]
      return { first, last, rows: rowsOfEvents(log, first, last) }
    })
    ms += await timed(async () => {
      for (const { first, last, rows } of groups) {
        bare.exec('BEGIN IMMEDIATE')
        for (const [table, values] of Object.entries(rows)) insertAll(bare, table, values)
        for (const statement of side) statement.run(first, last)
        bare.exec('COMMIT')
      }
    })
  }
  bare.close()
  log.close()
  return ms
}

const rowsOfTable = (log: SQLite.Database, table: string) => log.prepare(`select * from ${table}`).all() as Rows[string]

const statements = new Map<string, SQLite.Statement>()

function insertAll(bare: SQLite.Database, table: string, rows: Rows[string]): void {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0]!)
  const text = `INSERT OR FAIL INTO ${table} (${columns.join()}) VALUES (${columns.map((name) => `@${name}`).join()})`
  const insert = statements.get(text) ?? bare.prepare(text)
  statements.set(text, insert)
  for (const row of rows) insert.run(row)
}
