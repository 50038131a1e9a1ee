import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Checkpointer } from '#drizzle/checkpoint/checkpointer'
import { openDatabase } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { partners } from '#drizzle/schema/sqlite'
import { testContext, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

/** A commit of its own, with so many bytes. */
const write = (id: string, bytes: number, database = ctx.database) =>
  database.write(async (tx) => {
    await tx.insert(partners).values({ id, slug: id, name: id.repeat(bytes / id.length), createdAt: 0 })
  })
const walMb = () => statSync(`${ctx.database.file}-wal`).size / 2 ** 20

/** Until the thread works: to load its program takes longer than hundreds of commits. */
async function begun(database = ctx.database): Promise<void> {
  for (let n = 0; n < 40; n++) await write(`marked-${n}`, 20, database)
  await vi.waitFor(() => expect(readFileSync(database.file).includes('marked-5')).toBe(true), 20_000)
}

describe('what was committed', () => {
  it('comes into the database file by itself, long before a commit would do it', async () => {
    await begun()
    expect(walMb()).toBeLessThan(1)
  })

  it('leaves a log that stays short, however long commits follow one another', async () => {
    await begun()
    let longest = 0
    for (let n = 0; n < 400; n++) {
      await write(`p-${n}`, 250_000)
      longest = Math.max(longest, walMb())
    }
    expect(longest).toBeGreaterThan(4)
    expect(longest).toBeLessThan(60)
  })

  it('is whole after a close in the middle of it, and no log is left behind', async () => {
    for (let n = 0; n < 33; n++) await write(`p-${n}`, 100_000)
    await ctx.database.close()
    expect(() => statSync(`${ctx.database.file}-wal`)).toThrow(/ENOENT/)
    expect(readFileSync(ctx.database.file).includes('p-32')).toBe(true)
  })

  it('does not wait for a thread that cannot work', async () => {
    const checkpointer = new Checkpointer(join(ctx.config.dataDir, 'nowhere.db'))
    for (let n = 0; n < 100; n++) checkpointer.committed()
    await checkpointer.room()
    await checkpointer.close()
  })

  it('has a new thread where the last one died', async () => {
    const file = join(ctx.config.dataDir, 'late.db')
    const checkpointer = new Checkpointer(file)
    for (let n = 0; n < 40; n++) checkpointer.committed()
    // Waits for the thread, which finds no file.
    await checkpointer.close()
    migrateDatabase(file, MIGRATIONS_DIR)
    const late = openDatabase(file, { checkpoints: checkpointer })
    await begun(late)
    await late.close()
  })
})
