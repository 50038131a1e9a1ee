import type SQLite from 'better-sqlite3'
import { breathe } from '#server/platform/breathe'
import { ServiceError } from '#shared/errors'
import type { Checkpoints } from './checkpoint/checkpointer'
import { type Db, queriesOver } from './queries'
import { StatementCache } from './statements'

/** A body that is not done after this is rolled back: nothing slow belongs into a transaction. */
const BODY_LIMIT_MS = 2_000
/** A group commit ends after this, so that another process or thread gets its turn, and nobody waits long for the answer. */
const GROUP_LIMIT_MS = 40
/** After so long the event loop has a turn before the next body of a group: every other write waits meanwhile. */
const TURN_MS = 5
/** How long another process may hold the lock before a write is refused. */
const BUSY_LIMIT_MS = 5_000
/** Who waits for the lock asks so often: a process that writes without a break lets go of it for a moment alone, between two groups. */
const BUSY_PAUSE_MS = 2

/** `next`: soon, for work that must keep pace with those who wait, such as giving what they append its place. */
export type Turn = 'last' | 'next'

/** Milliseconds; where not said, those above. */
export interface QueueLimits {
  groupLimitMs?: number
  busyLimitMs?: number
}

interface Job {
  body: (tx: Db) => Promise<unknown>
  resolve: (value: never) => void
  reject: (reason: unknown) => void
}

/** A body that has ended: whether what it wrote stands, and its answer once that is committed. */
interface Ended {
  stands: boolean
  answer: () => void
}

/**
 * All writes of this process, one after the other on one connection. Bodies that wait together share one
 * `BEGIN IMMEDIATE … COMMIT` (group commit), each in a savepoint: one that fails takes nothing of the others with it.
 */
export class WriteQueue {
  private jobs: Job[] = []
  private readonly lent: (() => Promise<void>)[] = []
  private working: Promise<void> | null = null
  private closed = false
  private readonly listeners = new Set<() => void>()

  private readonly statements: StatementCache
  private readonly groupLimitMs: number
  private readonly busyLimitMs: number

  constructor(
    private readonly connection: SQLite.Database,
    private readonly checkpoints: Checkpoints,
    { groupLimitMs = GROUP_LIMIT_MS, busyLimitMs = BUSY_LIMIT_MS }: QueueLimits = {},
  ) {
    this.groupLimitMs = groupLimitMs
    this.busyLimitMs = busyLimitMs
    this.statements = new StatementCache(connection)
  }

  run<T>(body: (tx: Db) => Promise<T>, turn: Turn = 'last'): Promise<T> {
    if (this.closed) return Promise.reject(new ServiceError('STORAGE_UNAVAILABLE', 'The database is closing'))
    return new Promise<T>((resolve, reject) => {
      const job = { body, resolve, reject }
      // Behind the first, so that those who wait get every second turn at least.
      if (turn === 'next') this.jobs.splice(1, 0, job)
      else this.jobs.push(job)
      this.working ??= this.work()
    })
  }

  /** Waits until the group that is under way is committed, then begins no other until `work` has ended. */
  lend<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new ServiceError('STORAGE_UNAVAILABLE', 'The database is closing'))
    return new Promise<T>((resolve, reject) => {
      this.lent.push(async () => {
        try {
          resolve(await work())
        } catch (error) {
          return reject(error as Error)
        }
        this.committed()
      })
      this.working ??= this.work()
    })
  }

  onCommit(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.closed = true
    while (this.working) await this.working
    await this.checkpoints.close()
  }

  private async work(): Promise<void> {
    // Yields once, so that writes asked for in the same turn share a commit.
    await Promise.resolve()
    try {
      while (this.jobs.length > 0 || this.lent.length > 0) {
        await this.checkpoints.room()
        await this.lent.shift()?.()
        if (this.jobs.length > 0 && (await this.begun())) await this.group()
        // Requests and timers come first, also where whoever was answered writes on at once.
        await breathe()
      }
    } finally {
      // In the same turn as the last look at the jobs: a write asked for in between would wait for ever.
      this.working = null
    }
  }

  private committed(): void {
    this.checkpoints.committed()
    this.listeners.forEach((listener) => listener())
  }

  /** False when the lock could not be had: those who waited for it know. */
  private async begun(): Promise<boolean> {
    try {
      await this.begin()
      return true
    } catch (error) {
      this.jobs.splice(0).forEach((job) => job.reject(error))
      return false
    }
  }

  /** `busy_timeout` would freeze the event loop, so waiting for the lock is ours. */
  private async begin(): Promise<void> {
    for (const startedAt = performance.now(); ;) {
      try {
        this.connection.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error)) throw error
        if (performance.now() - startedAt >= this.busyLimitMs)
          throw new ServiceError('BACKPRESSURE', 'Another process holds the database', { retryAfterMs: 1_000, cause: error })
        await new Promise((done) => setTimeout(done, BUSY_PAUSE_MS))
      }
    }
  }

  private async group(): Promise<void> {
    const startedAt = performance.now()
    const ended: Ended[] = []
    const taken: Job[] = []
    try {
      for (let turnAt = startedAt; this.jobs.length > 0 && performance.now() - startedAt < this.groupLimitMs;) {
        const job = this.jobs.shift()!
        taken.push(job)
        ended.push(await this.inSavepoint(job))
        if (this.jobs.length === 0 || performance.now() - turnAt < TURN_MS) continue
        await breathe()
        turnAt = performance.now()
      }
      this.connection.exec('COMMIT')
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK')
      taken.forEach((job) => job.reject(error))
      return
    }
    ended.forEach(({ answer }) => answer())
    // Else a listener whose own write fails would call itself for ever.
    if (ended.some(({ stands }) => stands)) this.committed()
  }

  private async inSavepoint(job: Job): Promise<Ended> {
    const fence = new Fence(this.connection, this.statements)
    this.connection.exec('SAVEPOINT body')
    try {
      const value = await withLimit(job.body(queriesOver(fence)))
      this.connection.exec('RELEASE body')
      return { stands: true, answer: () => job.resolve(value as never) }
    } catch (error) {
      // SQLite itself ends the whole transaction on a full disk and the like: then nobody's work stands.
      if (!this.connection.inTransaction) throw error
      this.connection.exec('ROLLBACK TO body; RELEASE body')
      return { stands: false, answer: () => job.reject(error) }
    } finally {
      fence.shut()
    }
  }
}

/**
 * The connection as a body sees it: shut when its turn is over, or SQLite has ended the transaction, so that a late statement can neither
 * slip into another's transaction nor stand by itself.
 */
class Fence {
  private open = true

  constructor(
    private readonly connection: SQLite.Database,
    private readonly statements: StatementCache,
  ) {}

  shut(): void {
    this.open = false
  }

  prepare(sql: string): SQLite.Statement {
    if (!this.open || !this.connection.inTransaction)
      throw new ServiceError('INTERNAL', 'A statement came after its transaction had ended')
    return this.statements.prepare(sql)
  }
}

async function withLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ServiceError('INTERNAL', 'A transaction took too long and was rolled back')),
      BODY_LIMIT_MS,
    )
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}
