import { existsSync, renameSync, rmSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { ServiceError } from '#shared/errors'
import { storageFault } from './client'
import { makePrivateFile } from './private-file'

/** What a verified copy holds: rows per table. */
export type Inventory = Record<string, number>

/**
 * Copies a database while it is in use, as one consistent moment, and verifies the copy before it gets its name.
 * @throws ServiceError CONFLICT when the target is there, STORAGE_UNAVAILABLE when the copy cannot be made or does not verify
 */
export async function backupDatabase(file: string, target: string): Promise<Inventory> {
  if (!existsSync(file)) throw new ServiceError('NOT_FOUND', `There is no database at ${file}`)
  if (existsSync(target)) throw new ServiceError('CONFLICT', `${target} is already there; a backup overwrites nothing`)
  const partial = `${target}.partial`
  const source = openForReading(file)
  try {
    makePrivateFile(partial)
    // One read for all of it: a copy begins anew after each commit of somebody else's that it sees, without end where they follow one another.
    source.exec('BEGIN; SELECT 1 FROM sqlite_master')
    await source.backup(partial)
    const inventory = verifyDatabase(partial)
    renameSync(partial, target)
    return inventory
  } catch (error) {
    throw asStorageError(error, 'The backup was not made')
  } finally {
    source.close()
    for (const rest of [partial, `${partial}-wal`, `${partial}-shm`]) rmSync(rest, { force: true })
  }
}

/**
 * Puts a backup in the place of the database. The one that was there is kept beside it, under the returned name (null when there was none).
 * @throws ServiceError CONFLICT while a portal uses the database, STORAGE_UNAVAILABLE when the backup does not verify
 */
export async function restoreDatabase(
  backup: string,
  file: string,
  stamp: string,
): Promise<{ kept: string | null; inventory: Inventory }> {
  if (!existsSync(backup)) throw new ServiceError('NOT_FOUND', `There is no backup at ${backup}`)
  verifyDatabase(backup)
  const incoming = `${file}.incoming`
  rmSync(incoming, { force: true })
  const inventory = await backupDatabase(backup, incoming)
  const kept = existsSync(file) ? `${file}.before-${stamp}` : null
  try {
    if (kept) {
      foldIntoOneFile(file)
      renameSync(file, kept)
    }
    renameSync(incoming, file)
  } catch (error) {
    // Without a database the next start would begin with an empty one.
    if (kept && existsSync(kept) && !existsSync(file)) renameSync(kept, file)
    throw error
  } finally {
    rmSync(incoming, { force: true })
  }
  return { kept, inventory }
}

/** Leaving WAL mode takes the database for ourselves: it fails while any other process has it open. */
function foldIntoOneFile(file: string): void {
  const connection = new SQLite(file, { timeout: 1_000 })
  try {
    connection.pragma('journal_mode = DELETE')
  } catch (cause) {
    throw new ServiceError('CONFLICT', 'The database is in use: stop the portal first', { cause })
  } finally {
    connection.close()
  }
}

/**
 * Reads every page and counts every table.
 * @throws ServiceError STORAGE_UNAVAILABLE when the file is not a sound database
 */
export function verifyDatabase(file: string): Inventory {
  const connection = openForReading(file)
  try {
    const verdict = connection.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') throw new ServiceError('STORAGE_UNAVAILABLE', `${file} is damaged`)
    const tables = connection
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .pluck()
      .all() as string[]
    return Object.fromEntries(
      tables.map((table) => [table, connection.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number]),
    )
  } catch (error) {
    throw asStorageError(error, `${file} cannot be read`)
  } finally {
    connection.close()
  }
}

function openForReading(file: string): SQLite.Database {
  try {
    return new SQLite(file, { readonly: true, fileMustExist: true, timeout: 5_000 })
  } catch (error) {
    throw asStorageError(error, `${file} cannot be opened`)
  }
}

function asStorageError(error: unknown, what: string): unknown {
  const fault = storageFault(error)
  return fault ? new ServiceError('STORAGE_UNAVAILABLE', `${what}: ${fault}`, { cause: error }) : error
}
