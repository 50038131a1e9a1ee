// Appends through the one way to write, then the same rows by a bare loop. Says appends a second.
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { applyPragmas } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { createWorld } from '#server/platform/wire'
import { mutate } from '#server/services/audit'
import { inParallel, timed } from '../lib/stats'

export interface WritesResult {
  /** Appends a second: one caller, and `WIDTH` callers. */
  alone: number
  together: number
  /** Rows a second of the bare loop: a commit for each, and one for `WIDTH`. */
  bareAlone: number
  bareTogether: number
}

const [COUNT, WIDTH] = [Number(process.env.COUNT), Number(process.env.WIDTH)]

const perSecond = (ms: number) => (COUNT * 1_000) / ms

function append(ctx: Context, n: number): Promise<void> {
  return mutate(ctx, 'check.changed', async () => {
    const data = { domain: `bench-${n}.example`, checkId: 'dns_spf', from: 'pass', to: 'fail', reason: 'missing' }
    return { value: undefined, events: [{ resource: { type: 'domain', id: `d_${n}` }, tenantId: 't_bench', data }] }
  })
}

/** Inserts copies of what the portal wrote, a commit for each `width` rows. */
function bareInsert(rows: Record<string, unknown>[], folder: string, width: number): Promise<number> {
  const file = join(folder, `bare-${width}.db`)
  migrateDatabase(file, MIGRATIONS_DIR)
  const connection = new SQLite(file)
  applyPragmas(connection)
  const columns = Object.keys(rows[0]!)
  const insert = connection.prepare(`INSERT INTO audit_events (${columns}) VALUES (${columns.map((name) => `@${name}`)})`)
  return timed(async () => {
    for (let first = 0; first < rows.length; first += width) {
      connection.exec('BEGIN IMMEDIATE')
      for (const row of rows.slice(first, first + width)) insert.run(row)
      connection.exec('COMMIT')
    }
  }).finally(() => connection.close())
}

const config = readConfig(process.env)
migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
const ctx = createWorld(config)
// The first ones also load and compile code.
await inParallel(200, WIDTH, (n) => append(ctx, n))
const alone = await timed(() => inParallel(COUNT, 1, (n) => append(ctx, n)))
const together = await timed(() => inParallel(COUNT, WIDTH, (n) => append(ctx, n)))
const rows = ctx.database.raw.prepare('SELECT * FROM audit_events ORDER BY seq DESC LIMIT ?').all(COUNT)
await ctx.database.close()
const bareAlone = await bareInsert(rows as Record<string, unknown>[], config.dataDir, 1)
const bareTogether = await bareInsert(rows as Record<string, unknown>[], config.dataDir, WIDTH)
process.send!({
  ...{ alone: perSecond(alone), together: perSecond(together) },
  ...{ bareAlone: perSecond(bareAlone), bareTogether: perSecond(bareTogether) },
} satisfies WritesResult)
process.disconnect()
