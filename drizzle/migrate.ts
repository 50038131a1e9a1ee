import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { ServiceError } from '#shared/errors'
import { storageFault } from './client'
import { makePrivateFile } from './private-file'

/**
 * Brings a database to the schema of this version; makes it when it is not there.
 * @throws ServiceError STORAGE_UNAVAILABLE when the file cannot be used, or was made by a newer version
 */
export function migrateDatabase(file: string, folder: string): void {
  let connection: SQLite.Database | undefined
  try {
    makePrivateFile(file)
    connection = new SQLite(file, { timeout: 5_000 })
    refuseNewer(connection, folder)
    connection.pragma('journal_mode = WAL')
    migrate(drizzle(connection), { migrationsFolder: folder })
  } catch (error) {
    if (error instanceof ServiceError) throw error
    throw new ServiceError(
      'STORAGE_UNAVAILABLE',
      `The database cannot be used: ${storageFault(rootCause(error)) ?? 'migration failed'}`,
      {
        cause: error,
      },
    )
  } finally {
    connection?.close()
  }
}

function refuseNewer(connection: SQLite.Database, folder: string): void {
  const known = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get()
  const journal = join(folder, 'meta', '_journal.json')
  if (!known || !existsSync(journal)) return
  const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { when: number }[] }
  const applied = connection.prepare('SELECT max(created_at) AS at FROM __drizzle_migrations').get() as { at: number | null }
  if (Number(applied.at ?? 0) > Math.max(...entries.map((entry) => entry.when)))
    throw new ServiceError(
      'STORAGE_UNAVAILABLE',
      'The database was made by a newer version of Vigia; start that one, or restore a backup',
    )
}

function rootCause(error: unknown): unknown {
  const cause = (error as { cause?: unknown } | null)?.cause
  return cause === undefined ? error : rootCause(cause)
}
