// Appends and places generated events while the loop is watched, then the same rows by a bare loop, then verification. Says the figures.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { verifyLogs } from '#server/services/audit'
import { appendEvents } from '../audit-events'
import { delayOf, timed } from '../lib/stats'

export interface AuditResult {
  /** Events a second: appended and placed, the same rows bare, verified, and SHA-256 of their bytes alone. */
  append: number
  bare: number
  verify: number
  sha256: number
  bytesPerEvent: number
  /** Worst delay of the event loop, milliseconds. */
  appendDelayMs: number
  verifyDelayMs: number
}

const COUNT = Number(process.env.COUNT)
const perSecond = (count: number, ms: number) => (count * 1_000) / ms

const config = readConfig(process.env)
migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
const ctx = createWorld(config)
const raw = ctx.database.raw

/** The tables of an append and its place, and the rows of each that belong to the first `?` events. */
const ROWS = {
  audit_events: 'select * from audit_events order by seq limit ?',
  audit_dedup:
    'select d.* from audit_events e join audit_dedup d on d.event_id = e.id and d.source = e.source and d.external_id = e.external_id order by e.seq limit ?',
  audit_personal: 'select p.* from audit_events e join audit_personal p on p.event_id = e.id order by e.seq limit ?',
  audit_leaves: 'select * from audit_leaves order by event_seq limit ?',
}

/** The same inserts with the same pragmas, indexes and triggers, and nothing else: 500 events a commit. */
function bareMs(count: number): Promise<number> {
  const tables = Object.entries(ROWS).map(([table, sql]) => ({
    table,
    rows: raw.prepare(sql).all(count) as Record<string, unknown>[],
  }))
  const file = join(config.dataDir, 'bare.db')
  migrateDatabase(file, MIGRATIONS_DIR)
  const bare = new SQLite(file)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON'])
    bare.pragma(pragma)
  const inserts = tables.map(({ table, rows }) => {
    const columns = Object.keys(rows[0]!)
    return { rows, insert: bare.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map((name) => `@${name}`)})`) }
  })
  return timed(async () => {
    for (let first = 0; first < count; first += 500) {
      bare.exec('BEGIN IMMEDIATE')
      for (const { rows, insert } of inserts) for (const row of rows.slice(first, first + 500)) insert.run(row)
      bare.exec('COMMIT')
    }
  }).finally(() => bare.close())
}

const appended = await delayOf(() => appendEvents(ctx, { count: COUNT }))
raw.pragma('wal_checkpoint(TRUNCATE)')
const bytesPerEvent = statSync(config.databaseFile).size / COUNT
const sample = Math.min(COUNT, 100_000)
const bare = await bareMs(sample)
const verified = await delayOf(async () => {
  const { verdict } = await verifyLogs(ctx)
  if (verdict !== 'intact') throw new Error(`The log is ${verdict}`)
})
const contents = raw.prepare('select cast(content as blob) from audit_events limit ?').pluck().all(sample) as Buffer[]
const hashed = await timed(async () => contents.forEach((bytes) => createHash('sha256').update(bytes).digest()))
await ctx.database.close()
process.send!({
  ...{ append: perSecond(COUNT, appended.ms), bare: perSecond(sample, bare), bytesPerEvent },
  ...{ verify: perSecond(COUNT, verified.ms), sha256: perSecond(sample, hashed) },
  ...{ appendDelayMs: appended.worstMs, verifyDelayMs: verified.worstMs },
} satisfies AuditResult)
process.disconnect()
