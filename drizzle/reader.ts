import SQLite from 'better-sqlite3'
import type { Db } from './queries'
import { StatementCache } from './statements'

/** What reads by statements of its own: any database, also one without the query builder, which takes longest of all to load. */
export type Reader = Pick<Db, '$client'>

/** A read-only connection of one's own, for a thread: long reads there do not hold up the process. It ends with the thread. */
export function openReader(file: string): Reader {
  return { $client: new StatementCache(new SQLite(file, { readonly: true, fileMustExist: true, timeout: 5_000 })) }
}
