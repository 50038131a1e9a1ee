import type { Context, Scope } from './context'
import { insertLiveEvent, type LiveRow, type LiveType, liveEventsAfter, liveRange } from './live-store'
import { perDatabase } from './process'

/** How long a row of another process may wait. */
const POLL_MS = 1_000
/** Commits that come together are told together. */
const GATHER_MS = 25
const BATCH = 500

/**
 * Tells the live stream of a change, in the transaction of the change.
 * @param tenantId null: only for those who see everything (a `cycle` is for all)
 */
export async function publish(
  ctx: Pick<Context, 'now'> & { tx: NonNullable<Context['tx']> },
  type: LiveType,
  tenantId: string | null,
  data: object,
): Promise<void> {
  await insertLiveEvent(ctx.tx, { at: ctx.now(), type, tenantId, data: JSON.stringify(data) })
}

/** One reader of the stream. `send` and `reset` say false when it cannot keep up: it is then dropped. */
export interface Subscriber {
  scope: Scope
  /** Where the stream stands when the reader joins. */
  joined(lastId: number): void
  send(row: LiveRow): boolean
  /** What was missed is no longer kept: everything has to be read anew. */
  reset(lastId: number): void
  end(): void
}

/** The hub of this process for this database. */
export const liveHub = perDatabase((ctx) => new LiveHub(ctx))

/** Reads new events once for all readers of this process: at each commit of ours, and every second for those of others. */
export class LiveHub {
  private readonly subscribers = new Set<Subscriber>()
  /** The last id that was told; meaningful while somebody listens. */
  private last = 0
  private poll: NodeJS.Timeout | null = null
  private gather: NodeJS.Timeout | null = null
  private stopListening: (() => void) | null = null
  /** Joining and telling wait for one another: nobody misses an event in between or gets it twice. */
  private turn: Promise<void> = Promise.resolve()
  private closed = false

  constructor(private readonly ctx: Context) {}

  get readers(): number {
    return this.subscribers.size
  }

  /** Adds a reader, which first gets what it missed after `lastId` (null: nothing). Returns the way to leave. */
  async join(subscriber: Subscriber, lastId: number | null): Promise<() => void> {
    await this.inTurn(async () => {
      if (this.closed) return subscriber.end()
      if (this.subscribers.size === 0) await this.start()
      const { first, last } = await liveRange(this.ctx.database.read)
      if (lastId === null) subscriber.joined(this.last)
      else if (lastId > last || lastId < first - 1) subscriber.reset(this.last)
      else if (!(await this.replay(subscriber, lastId))) return subscriber.end()
      if (this.closed) return subscriber.end()
      this.subscribers.add(subscriber)
    })
    return () => this.leave(subscriber)
  }

  /** Ends all streams at once; later ones are refused. */
  close(): void {
    this.closed = true
    for (const subscriber of [...this.subscribers]) this.drop(subscriber)
    this.stop()
  }

  /** Everything after `lastId` up to where the hub stands; from there on the reader gets what all get. */
  private async replay(subscriber: Subscriber, lastId: number): Promise<boolean> {
    for (let id = lastId; id < this.last;) {
      const rows = await liveEventsAfter(this.ctx.database.read, id, subscriber.scope, BATCH)
      for (const row of rows) if (row.id <= this.last && !subscriber.send(row)) return false
      if (rows.length < BATCH) return true
      id = rows.at(-1)!.id
    }
    return true
  }

  /** One batch a turn, so that a burst leaves room for those who want to join. */
  private async tell(): Promise<void> {
    const told = this.inTurn(async () => {
      if (this.subscribers.size === 0 || this.closed) return
      const rows = await liveEventsAfter(this.ctx.database.read, this.last, 'all', BATCH)
      for (const row of rows) for (const subscriber of [...this.subscribers]) this.offer(subscriber, row)
      this.last = rows.at(-1)?.id ?? this.last
      if (rows.length === BATCH) this.nudge()
    })
    // A read that fails (the disk, a closing database) is tried again at the next nudge; it must not end the hub.
    await told.catch(() => this.ctx.log.warn('The live stream could not be read', { component: 'live' }))
  }

  private offer(subscriber: Subscriber, row: LiveRow): void {
    const visible =
      subscriber.scope === 'all' || row.type === 'cycle' || (row.tenantId !== null && subscriber.scope.includes(row.tenantId))
    if (visible && !subscriber.send(row)) this.drop(subscriber)
  }

  private drop(subscriber: Subscriber): void {
    this.leave(subscriber)
    subscriber.end()
  }

  private leave(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber)
    if (this.subscribers.size === 0) this.stop()
  }

  private async start(): Promise<void> {
    this.last = (await liveRange(this.ctx.database.read)).last
    this.poll = setInterval(() => void this.tell(), POLL_MS)
    this.stopListening = this.ctx.database.onCommit(() => this.nudge())
  }

  private stop(): void {
    if (this.poll) clearInterval(this.poll)
    if (this.gather) clearTimeout(this.gather)
    this.stopListening?.()
    this.poll = this.gather = this.stopListening = null
  }

  private nudge(): void {
    this.gather ??= setTimeout(() => {
      this.gather = null
      void this.tell()
    }, GATHER_MS)
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => {})
    return done
  }
}
