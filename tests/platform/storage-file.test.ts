import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'

describe('a file that cannot be used', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-storage-'))
    file = join(folder, 'vigia.db')
  })
  afterEach(() => {
    chmodSync(folder, 0o755)
    rmSync(folder, { recursive: true, force: true })
  })

  function refusal(open: () => unknown): unknown {
    try {
      open()
    } catch (error) {
      return error
    }
    throw new Error('It was opened')
  }
  const unavailable = (words: RegExp) => ({ token: 'STORAGE_UNAVAILABLE', message: expect.stringMatching(words) })

  it('is told when it is not a database, and left as it is', () => {
    writeFileSync(file, 'this is a letter, not a database; '.repeat(100))
    expect(refusal(() => openDatabase(file))).toMatchObject(unavailable(/not a database/))
    expect(refusal(() => migrateDatabase(file, MIGRATIONS_DIR))).toMatchObject(unavailable(/not a database/))
  })

  it('is told when a newer version made it', async () => {
    migrateDatabase(file, MIGRATIONS_DIR)
    const database = openDatabase(file)
    await database.write(async (tx) => {
      await tx.run(sql`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)`)
    })
    await database.close()
    expect(refusal(() => migrateDatabase(file, MIGRATIONS_DIR))).toMatchObject(unavailable(/newer version/))
  })

  it('is told when it may only be read', () => {
    migrateDatabase(file, MIGRATIONS_DIR)
    chmodSync(file, 0o444)
    chmodSync(folder, 0o555)
    asNobody(() => {
      expect(refusal(() => openDatabase(file))).toMatchObject(unavailable(/read-only|cannot be opened|no permission/))
      expect(refusal(() => migrateDatabase(file, MIGRATIONS_DIR))).toMatchObject(
        unavailable(/read-only|cannot be opened|no permission/),
      )
    })
  })

  it('is told when its folder cannot be made', () => {
    writeFileSync(join(folder, 'in-the-way'), '')
    expect(refusal(() => openDatabase(join(folder, 'in-the-way', 'vigia.db')))).toMatchObject(unavailable(/cannot be opened/))
  })
})

/** Permissions do not bind root, which the tests may run as. */
function asNobody(act: () => void): void {
  const NOBODY = 65_534
  if (process.geteuid?.() !== 0) return act()
  process.seteuid!(NOBODY)
  try {
    act()
  } finally {
    process.seteuid!(0)
  }
}
