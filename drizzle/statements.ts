import type SQLite from 'better-sqlite3'

/** More than the portal has; where filters put statements together that are asked once, all are prepared anew now and then. */
const LIMIT = 500

/** Prepared statements of one connection by their text: preparing costs more than most of them take to run. */
export class StatementCache {
  private readonly known = new Map<string, SQLite.Statement>()

  constructor(private readonly connection: SQLite.Database) {}

  prepare(sql: string): SQLite.Statement {
    const statement = this.known.get(sql) ?? this.remember(sql)
    // Whoever had it before may have asked for rows as arrays.
    return statement.reader ? statement.raw(false) : statement
  }

  private remember(sql: string): SQLite.Statement {
    if (this.known.size >= LIMIT) this.known.clear()
    const statement = this.connection.prepare(sql)
    this.known.set(sql, statement)
    return statement
  }
}
