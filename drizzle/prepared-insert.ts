import { Column, getTableColumns, type Param, type Placeholder, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { SQLiteColumn, SQLiteTable, SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core'
import type { Db } from './queries'

interface Options {
  /** Keys of columns that are never given. */
  without?: string[]
  /** Keys of columns that make a row the same: where it is there already, its other columns are written. Without, that is an error. */
  upsertBy?: string[]
  /** A row that is there already stays as it is. */
  keepFirst?: boolean
}

/**
 * What a guard or a rule of the table refuses was not written yet; for the usual ABORT SQLite copies each page that a guarded table's row
 * goes to, to take it back.
 */
const ONE_ROW = 'insert or fail into'

/**
 * An INSERT of one row that drizzle writes once: building it anew for every row costs more than the insert, and an audit log inserts
 * little else. A key that a row leaves out is null.
 * @returns writes one row, and says whether it did
 */
export function preparedInsert<T extends SQLiteTable>(
  table: T,
  { without = [], upsertBy, keepFirst }: Options = {},
): (tx: Db, row: T['$inferInsert']) => Promise<boolean> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => !without.includes(key))
  const placeholders = Object.fromEntries(columns.map(([key]) => [key, sql.placeholder(key)]))
  const insert = drizzle
    .mock()
    .insert(table)
    .values(placeholders as T['$inferInsert'])
  if (upsertBy) insert.onConflictDoUpdate(overwrite<T>(columns, upsertBy))
  if (keepFirst) insert.onConflictDoNothing()
  const built = insert.toSQL()
  const text = built.sql.replace(/^insert into/, ONE_ROW)
  const params = (built.params as Param<Placeholder>[]).map(({ value, encoder }) => ({
    key: value.name,
    encode: encodingOf(encoder),
  }))
  return async (tx, row) => {
    const values = params.map(({ key, encode }) => {
      const value = (row as Record<string, unknown>)[key] ?? null
      return encode === null || value === null ? value : encode(value)
    })
    return tx.$client.prepare(text).run(values).changes > 0
  }
}

/** How a column's values are written; null where they are written as they are, which is so for most, and saves the call. */
function encodingOf(encoder: Param['encoder']): ((value: unknown) => unknown) | null {
  return encoder.mapToDriverValue === Column.prototype.mapToDriverValue ? null : (value) => encoder.mapToDriverValue(value)
}

function overwrite<T extends SQLiteTable>(columns: [string, SQLiteColumn][], keys: string[]) {
  const isKey = ([key]: [string, SQLiteColumn]) => keys.includes(key)
  const set = columns
    .filter((column) => !isKey(column))
    .map(([key, column]) => [key, sql.raw(`excluded.${column.name}`)] as const)
  return { target: columns.filter(isKey).map(([, column]) => column), set: Object.fromEntries(set) as SQLiteUpdateSetSource<T> }
}
