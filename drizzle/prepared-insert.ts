import { getTableColumns, type Param, type Placeholder, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './queries'

/**
 * An INSERT of one row that drizzle writes once: building it anew for every row costs more than the insert, and an audit log inserts
 * little else. A key that a row leaves out is null; the keys that are never given are named in `without`.
 */
export function preparedInsert<T extends SQLiteTable>(
  table: T,
  { without = [] }: { without?: string[] } = {},
): (tx: Db, row: T['$inferInsert']) => Promise<void> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => !without.includes(key))
  const placeholders = Object.fromEntries(columns.map(([key]) => [key, sql.placeholder(key)]))
  const built = drizzle
    .mock()
    .insert(table)
    .values(placeholders as T['$inferInsert'])
    .toSQL()
  const params = (built.params as Param<Placeholder>[]).map(({ value, encoder }) => ({ key: value.name, encoder }))
  return async (tx, row) => {
    const values = params.map(({ key, encoder }) => {
      const value = (row as Record<string, unknown>)[key]
      return value == null ? null : encoder.mapToDriverValue(value as Placeholder)
    })
    tx.$client.prepare(built.sql).run(...values)
  }
}
