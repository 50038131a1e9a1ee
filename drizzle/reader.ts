import SQLite from 'better-sqlite3'
import { type Db, queriesOver } from './queries'
import { StatementCache } from './statements'

/** A read-only connection of one's own, for a thread: long reads there do not hold up the process. */
export function openReader(file: string): { db: Db; close(): void } {
  const connection = new SQLite(file, { readonly: true, fileMustExist: true, timeout: 5_000 })
  return { db: queriesOver(new StatementCache(connection)), close: () => connection.close() }
}
