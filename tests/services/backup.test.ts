import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupDatabase, restoreDatabase, verifyDatabase } from '#drizzle/backup'
import { type Database, openDatabase } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { partners } from '#drizzle/schema/sqlite'

let folder: string
let file: string
let database: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigia-backup-'))
  file = join(folder, 'vigia.db')
  migrateDatabase(file, MIGRATIONS_DIR)
  database = openDatabase(file)
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const addPartner = (slug: string) =>
  database.write(async (tx) => {
    await tx.insert(partners).values({ id: `p_${slug}`, slug, name: slug, createdAt: 1 })
  })

describe('a backup', () => {
  it('holds what was committed, also while the log is not yet folded in', async () => {
    await addPartner('norte')
    const inventory = await backupDatabase(file, join(folder, 'copy.db'))
    expect(inventory.partners).toBe(1)
    expect(verifyDatabase(join(folder, 'copy.db')).partners).toBe(1)
  })

  it('comes to its end while others write on, and holds one moment', async () => {
    const rows = Array.from({ length: 16 }, (_, n) => ({ id: `p${n}`, slug: `p${n}`, name: 'x'.repeat(1_000_000), createdAt: 1 }))
    await database.write(async (tx) => void (await tx.insert(partners).values(rows)))
    let [written, isDone] = [0, false]
    const writing = (async () => {
      while (!isDone && written < 1_000) await addPartner(`n${written++}`)
    })()
    const copied = await backupDatabase(file, join(folder, 'copy.db'))
    isDone = true
    await writing
    expect(written).toBeLessThan(1_000)
    expect(copied.partners).toBeLessThan(16 + written)
  })

  it('overwrites nothing', async () => {
    writeFileSync(join(folder, 'copy.db'), 'precious')
    await expect(backupDatabase(file, join(folder, 'copy.db'))).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(readFileSync(join(folder, 'copy.db'), 'utf8')).toBe('precious')
  })

  it('is for its owner alone, as the database is', async () => {
    await backupDatabase(file, join(folder, 'copy.db'))
    for (const name of [file, `${file}-wal`, join(folder, 'copy.db')]) expect(statSync(name).mode & 0o077).toBe(0)
  })

  it('leaves no half file behind when it fails', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    await expect(backupDatabase(file, join(folder, 'a-file', 'copy.db'))).rejects.toThrow()
    writeFileSync(join(folder, 'damaged.db'), Buffer.alloc(8192, 7))
    await expect(backupDatabase(join(folder, 'damaged.db'), join(folder, 'copy.db'))).rejects.toThrow()
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([])
  })
})

describe('a restore', () => {
  it('brings back the moment of the backup and keeps what was there', async () => {
    await addPartner('norte')
    await backupDatabase(file, join(folder, 'copy.db'))
    await addPartner('sul')
    await database.close()
    const { kept } = await restoreDatabase(join(folder, 'copy.db'), file, 'now')
    expect(verifyDatabase(file).partners).toBe(1)
    expect(verifyDatabase(kept!).partners).toBe(2)
  })

  it('is refused while a portal has the database open', async () => {
    await backupDatabase(file, join(folder, 'copy.db'))
    await expect(restoreDatabase(join(folder, 'copy.db'), file, 'now')).rejects.toMatchObject({ token: 'CONFLICT' })
    await addPartner('still-works')
    expect(verifyDatabase(file).partners).toBe(1)
  })

  it('refuses a damaged backup and touches nothing', async () => {
    await addPartner('norte')
    await database.close()
    writeFileSync(join(folder, 'copy.db'), Buffer.alloc(8192, 7))
    await expect(restoreDatabase(join(folder, 'copy.db'), file, 'now')).rejects.toMatchObject({ token: 'STORAGE_UNAVAILABLE' })
    expect(verifyDatabase(file).partners).toBe(1)
  })
})
