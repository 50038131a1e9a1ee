import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { Thread } from '#server/platform/thread'
import type { Slice, SlicesThread } from '#server/services/audit'
import type { Receipt } from '../contract'
import type { Delivery } from '../store-delivery'
import { type BulkThreadData, type Round, ROUND_EVENTS, ROUND_SLICE, type RoundDone } from './rounds'

/** A thread that failed so often, one time after the other, is not tried again by this process. */
const FAULTS = 3
/** Its program is loaded first. */
const START_LIMIT_MS = 60_000
/** All writes of the process wait for a round. With another process in the way it takes five seconds until it is refused. */
const ROUND_LIMIT_MS = 10_000

const programUrl = () => new URL('./worker.ts', import.meta.url)

/** Nothing was asked: there is no thread, or it has yet to load its program. */
class NotReady extends Error {}

interface Waiting<Work, Result> {
  work: Work
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * A thread with a connection of its own that writes events by the thousand, and gives them their places and risks, while this one answers
 * requests. The process lends it the database for each round. What it cannot do, its caller does.
 */
export class Bulk implements SlicesThread {
  readonly size = ROUND_SLICE
  private thread: Thread<Round, RoundDone> | null = null
  private isReady = false
  private faults = 0
  private deliveries: Waiting<Delivery, Receipt | null>[] = []
  private slices: Waiting<readonly Slice[], number>[] = []
  private working: Promise<void> | null = null

  constructor(private readonly ctx: Pick<Context, 'config' | 'database' | 'log' | 'now'>) {}

  makeReady(): boolean {
    if (!this.thread && this.faults < FAULTS) void this.begin()
    return this.isReady
  }

  get isAtWork(): boolean {
    return this.working !== null
  }

  /**
   * Stores a delivery.
   * @returns null when it was not stored
   * @throws Error when nobody can say whether it was
   */
  deliver(work: Delivery): Promise<Receipt | null> {
    return new Promise((resolve, reject) => {
      this.deliveries.push({ work, resolve, reject })
      this.working ??= this.work()
    })
  }

  take(work: readonly Slice[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.slices.push({ work, resolve, reject })
      this.working ??= this.work()
    })
  }

  async end(): Promise<void> {
    await this.working
    this.isReady = false
    this.faults = FAULTS
    await this.thread?.end()
  }

  /** Nothing is lent to a thread that has yet to load its program, or cannot: every write would wait for it. */
  private async begin(): Promise<void> {
    const { databaseFile, dataDir, secretKey } = this.ctx.config
    try {
      const thread = new Thread<Round, RoundDone>(programUrl(), { databaseFile, dataDir, secretKey } satisfies BulkThreadData)
      this.thread = thread
      await thread.ask({ deliveries: [], slices: [], now: 0 }, START_LIMIT_MS)
      this.isReady = this.thread === thread && this.faults < FAULTS
    } catch (error) {
      this.failed(error)
    }
  }

  private failed(error: unknown): void {
    // What comes while one begins, or after the last one, is no fault of that one.
    if (error instanceof NotReady || this.faults >= FAULTS) return
    const cause = error instanceof Error ? error.name : 'unknown'
    this.ctx.log.error('The thread that writes many events failed: they are written without it', { component: 'ingest', cause })
    void this.thread?.end()
    this.thread = null
    this.isReady = false
    this.faults++
  }

  private async work(): Promise<void> {
    // Yields once, so that what is asked for in the same turn is done together.
    await Promise.resolve()
    try {
      while (this.deliveries.length + this.slices.length > 0) await this.round(this.nextDeliveries(), this.slices.splice(0))
    } finally {
      this.working = null
    }
  }

  private nextDeliveries(): Waiting<Delivery, Receipt | null>[] {
    let [count, events] = [0, 0]
    while (count < this.deliveries.length && (count === 0 || events < ROUND_EVENTS))
      events += this.deliveries[count++]!.work.events.length
    return this.deliveries.splice(0, count)
  }

  private async round(
    deliveries: Waiting<Delivery, Receipt | null>[],
    slices: Waiting<readonly Slice[], number>[],
  ): Promise<void> {
    const round = {
      deliveries: deliveries.map(({ work }) => work),
      slices: slices.flatMap(({ work }) => work),
      now: this.ctx.now(),
    }
    try {
      const { receipts, taken } = await this.ctx.database.lend(() => this.asked(round))
      deliveries.forEach(({ resolve }, n) => resolve(receipts[n]!))
      for (const { resolve, reject } of slices)
        if (taken === null) reject(new ServiceError('INTERNAL', 'The thread could not take a slice'))
        else resolve(taken)
      this.faults = 0
    } catch (error) {
      for (const { reject } of [...deliveries, ...slices]) reject(error)
      this.failed(error)
    }
  }

  private async asked(round: Round): Promise<RoundDone> {
    if (!this.thread || !this.isReady) throw new NotReady()
    return this.thread.ask(round, ROUND_LIMIT_MS)
  }
}

export const bulkOf = perDatabase((ctx) => new Bulk(ctx))
