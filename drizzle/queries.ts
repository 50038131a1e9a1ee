import type SQLite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'

/** Drizzle asks a connection for nothing but `prepare`: a fence or a cache of statements may stand before it. */
interface Connection {
  prepare(sql: string): SQLite.Statement
}

/** The one query type of services. A second dialect comes in beside it when a parity test holds. */
export type Db = BetterSQLite3Database & { readonly $client: Connection }

export function queriesOver(connection: Connection): Db {
  return drizzle(connection as unknown as SQLite.Database)
}
