import SQLite from 'better-sqlite3'
import { ServiceError } from '#shared/errors'
import { Checkpointer, type Checkpoints, PAGES_WITHOUT_THREAD } from './checkpoint/checkpointer'
import { makePrivateFile } from './private-file'
import { type Db, queriesOver } from './queries'
import { StatementCache } from './statements'
import { type QueueLimits, type Turn, WriteQueue } from './write-queue'

export type { Db } from './queries'

export interface Database {
  readonly file: string
  /** A read-only connection: a read can neither write nor wait for a writer. */
  readonly read: Db
  /** Runs a body in a transaction on the one writing connection; see write-queue. Services use `transaction(ctx, fn)`. */
  write<T>(body: (tx: Db) => Promise<T>, turn?: Turn): Promise<T>
  /**
   * Leaves the database to another connection, of a thread of this process, until `work` has ended: soon, and between two commits of ours.
   * All writes wait for `work`, so it must end.
   */
  lend<T>(work: () => Promise<T>): Promise<T>
  /** Called after each commit of this process in which something stands. Returns the way to stop. */
  onCommit(listener: () => void): () => void
  /** The writing connection for backup and maintenance. */
  readonly raw: SQLite.Database
  /** Waits for queued writes, then closes. */
  close(): Promise<void>
}

/** How a connection differs from that of the process. */
interface Opening {
  checkpoints?: Checkpoints
  limits?: QueueLimits
}

/**
 * Opens an existing, migrated database.
 * @throws ServiceError STORAGE_UNAVAILABLE when the file cannot be opened or written
 */
export function openDatabase(file: string, { checkpoints = new Checkpointer(file), limits }: Opening = {}): Database {
  try {
    makePrivateFile(file)
    const writer = new SQLite(file, { timeout: 0 })
    applyPragmas(writer)
    writer.pragma(`wal_autocheckpoint = ${PAGES_WITHOUT_THREAD}`)
    const reader = new SQLite(file, { readonly: true, timeout: 0 })
    const queue = new WriteQueue(writer, checkpoints, limits)
    return {
      file,
      read: queriesOver(new StatementCache(reader)),
      write: (body, turn) => queue.run(body, turn),
      lend: (work) => queue.lend(work),
      onCommit: (listener) => queue.onCommit(listener),
      raw: writer,
      async close() {
        await queue.close()
        reader.close()
        writer.close()
      },
    }
  } catch (cause) {
    throw new ServiceError('STORAGE_UNAVAILABLE', `The database cannot be opened: ${storageFault(cause)}`, { cause })
  }
}

/** How every writing connection is set, a benchmark's too. */
export function applyPragmas(connection: SQLite.Database): void {
  connection.pragma('journal_mode = WAL')
  // An audit log must not lose a commit that was answered, so not NORMAL.
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('secure_delete = ON')
  // What a savepoint could bring back: else in files outside of the data folder, with more writes than the rows themselves.
  connection.pragma('temp_store = MEMORY')
}

const FAULTS: Record<string, string> = {
  SQLITE_CANTOPEN: 'the file or its folder cannot be opened',
  SQLITE_READONLY: 'the file is read-only',
  SQLITE_BUSY: 'another process holds it',
  SQLITE_LOCKED: 'another process holds it',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk does not answer as it should',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_NOTADB: 'the file is not a database',
}

/** SQLite's error as words; null when it is not one of storage. */
export function storageFault(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return null
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'no permission to write there'
  if (code === 'ENOSPC') return 'the disk is full'
  return Object.entries(FAULTS).find(([prefix]) => code.startsWith(prefix))?.[1] ?? null
}
