import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { transaction } from '#drizzle/transaction'
import { append } from '#server/services/audit/append'
import { insertLeaf, insertTile } from '#server/services/audit/store-log'
import { insertPersonal } from '#server/services/audit/store'
import { writeLog, mixedLog } from '../helpers/audit-log'
import { firstFault } from '../helpers/audit-tamper'
import { testContext, type TestContext } from '../helpers/context'

const TABLES = ['events', 'dedup', 'logs', 'leaves', 'tiles', 'subjects', 'personal', 'unsequenced'].map(
  (name) => `audit_${name}`,
)

let ctx: TestContext
const held = (file = ctx.database.file) => {
  const connection = new SQLite(file, { readonly: true })
  const rows = TABLES.map((table) => connection.prepare(`select * from ${table}`).raw().all())
  connection.close()
  return rows
}

describe('a database of the version before the guards fail in place of aborting', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-before-'))
    cpSync(MIGRATIONS_DIR, join(folder, 'before'), { recursive: true })
    const journal = join(folder, 'before/meta/_journal.json')
    const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { idx: number }[] }
    writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.filter(({ idx }) => idx < 9) }))
    migrateDatabase(join(folder, 'before.db'), join(folder, 'before'))
    migrateDatabase(join(folder, 'fresh.db'), MIGRATIONS_DIR)
    ctx = testContext({ database: readFileSync(join(folder, 'before.db')) })
  })
  afterEach(async () => {
    await ctx.close()
    rmSync(folder, { recursive: true })
  })

  const triggersOf = (file: string) => {
    const connection = new SQLite(file, { readonly: true })
    const triggers = connection.prepare("select name, sql from sqlite_master where type = 'trigger' order by name").raw().all()
    connection.close()
    return triggers
  }

  it('keeps all that it holds, has the guards of a new one, and goes on', async () => {
    await mixedLog(ctx)
    await ctx.database.close()
    const { file } = ctx.database
    const before = held()
    expect(triggersOf(file)).not.toEqual(triggersOf(join(folder, 'fresh.db')))
    migrateDatabase(file, MIGRATIONS_DIR)
    expect(held()).toEqual(before)
    expect(triggersOf(file)).toEqual(triggersOf(join(folder, 'fresh.db')))
    const database = openDatabase(file)
    const now = { ...ctx, database, db: database.read }
    await writeLog(now, 10)
    expect(await firstFault(now)).toBe('intact')
    for (const table of ['events', 'logs', 'leaves', 'tiles', 'personal'])
      expect(() => database.raw.exec(`insert or replace into audit_${table} select * from audit_${table}`)).toThrow(
        /never replaced/,
      )
    await database.close()
  })
})

describe('what a guard or a rule of its table refuses', () => {
  beforeEach(async () => {
    ctx = testContext()
    await writeLog(ctx, 257)
  })
  afterEach(() => ctx.close())
  type Tx = NonNullable<TestContext['tx']>
  const leaf = { eventSeq: 999, logId: 1, leafIndex: 999, hash: Buffer.alloc(32) }
  const event = { resource: { type: 'domain', id: 'd' } }

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['an event under an id that is there', (tx) => append({ ...ctx, tx, newId: () => firstId() }, 'domain.added', event)],
    ['a second leaf of an event', (tx) => insertLeaf(tx, { ...leaf, eventSeq: 1 })],
    ['a second leaf at an index', (tx) => insertLeaf(tx, { ...leaf, leafIndex: 0 })],
    ['a leaf without a hash', (tx) => insertLeaf(tx, { ...leaf, hash: null as never })],
    [
      'a tile that is there',
      (tx) => insertTile(tx, { logId: 1, level: 0, tileIndex: 0, root: 'x' as never, hashes: Buffer.alloc(1) }),
    ],
    [
      'a second disclosure',
      (tx) => insertPersonal(tx, { eventId: firstId(), subjectId: 'u', salt: Buffer.alloc(1), box: '', ipTag: '' }),
    ],
  ])('%s leaves nothing behind, also where the error is caught', async (_, refused) => {
    const before = held()
    await transaction(ctx, async ({ tx }) => {
      await expect((async () => refused(tx))()).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_CONSTRAINT/) })
      await tx.run(sql`insert into partners (id, slug, name, created_at) values ('p_x', 'x', 'x', 0)`)
    })
    expect(held()).toEqual(before)
    expect(ctx.database.raw.prepare('select id from partners').pluck().all()).toEqual(['p_x'])
  })

  const firstId = () => ctx.database.raw.prepare('select id from audit_events where seq = 1').pluck().get() as string
})
