import type SQLite from 'better-sqlite3'

/** Enough for every statement of the portal; lists of varying length (`IN (…)`) push one another out. */
const LIMIT = 300

/** Prepared statements of one connection by their text: preparing costs more than most of them take to run. */
export class StatementCache {
  private readonly known = new Map<string, SQLite.Statement>()

  constructor(private readonly connection: SQLite.Database) {}

  prepare(sql: string): SQLite.Statement {
    const statement = this.known.get(sql) ?? this.connection.prepare(sql)
    // Used last is last in the map, so the first one is who goes.
    this.known.delete(sql)
    this.known.set(sql, statement)
    if (this.known.size > LIMIT) this.known.delete(this.known.keys().next().value!)
    // Whoever had it before may have asked for rows as arrays.
    return statement.reader ? statement.raw(false) : statement
  }
}
