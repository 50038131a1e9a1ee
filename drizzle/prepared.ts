import type SQLite from 'better-sqlite3'
import { type Column, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { type Db, queriesOver } from './queries'

/** What drizzle's builders have in common here. */
interface Builder<T> {
  prepare(): { execute(values?: Record<string, unknown>): { sync(): T } }
}

/**
 * A query that drizzle writes once, with `sql.placeholder(…)` for what changes: writing it anew each time costs several times what most
 * take to run. For queries of the cycle, which run for every domain.
 * @returns runs it on a connection, inside a transaction or not
 */
export function prepared<Values extends Record<string, unknown>, T>(
  write: (db: Db) => Builder<T>,
): (db: Db, values: Values) => Promise<T> {
  let connection: Db['$client']
  // Statements belong to a connection, and each transaction fences its own: so it is asked for only when the query runs.
  const later = (text: string) => ({
    run: (...params: unknown[]) => connection.prepare(text).run(...params),
    all: (...params: unknown[]) => connection.prepare(text).all(...params),
    raw: () => ({
      all: (...params: unknown[]) =>
        connection
          .prepare(text)
          .raw()
          .all(...params),
    }),
  })
  const written = lazily(() => write(queriesOver({ prepare: (text) => later(text) as unknown as SQLite.Statement })).prepare())
  return async (db, values) => {
    connection = db.$client
    return written().execute(values).sync()
  }
}

/** A placeholder for each key, by its own name. */
export function placeholders<K extends string>(...keys: K[]): Record<K, Placeholder<K>> {
  return Object.fromEntries(keys.map((key) => [key, sql.placeholder(key)])) as Record<K, Placeholder<K>>
}

/** `column in (…)` for a list of any length, given as JSON text under `name`: one statement serves them all. */
export function among(column: Column, name: string): SQL {
  return sql`${column} in (select value from json_each(${sql.placeholder(name)}))`
}

/** The same for a query that is written anew each time: however many values, it is one text with one parameter. */
export function oneOf(column: Column, values: readonly (string | number)[]): SQL {
  return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
