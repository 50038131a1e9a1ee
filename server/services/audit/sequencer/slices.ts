import type { Context } from '#server/platform/context'
import { Thread } from '#server/platform/thread'
import { Assessor } from '../risk'
import { placeSlice } from '../sequence'

/** What a slice is of: events that wait for their place, or for their risk. */
export type Slice = 'place' | 'assess'

/** Who does the slices. */
export interface Slices {
  /** Events of one slice, which is one transaction. */
  readonly size: number
  /** One slice of each. @returns how many events the larger one had; fewer than `size` when no more wait */
  take(slices: readonly Slice[]): Promise<number>
  end(): Promise<void>
}

/** What slices need of the world. */
export type SliceContext = Pick<Context, 'database' | 'now' | 'tx'>

/** In this thread: a few milliseconds each, so that neither the event loop nor another writer waits. */
export class OwnSlices implements Slices {
  private readonly assessor: Assessor

  constructor(
    private readonly ctx: SliceContext,
    readonly size = 256,
  ) {
    this.assessor = new Assessor(ctx)
  }

  async take(slices: readonly Slice[]): Promise<number> {
    const one = (slice: Slice) => (slice === 'place' ? placeSlice(this.ctx, this.size) : this.assessor.slice(this.size))
    return Math.max(0, ...(await Promise.all(slices.map(one))))
  }

  end(): Promise<void> {
    return Promise.resolve()
  }
}

export interface SliceThreadData {
  databaseFile: string
}

export interface SliceOrder {
  slices: readonly Slice[]
  /** The moment that it is told at, milliseconds since 1970. */
  now: number
}

/** In a thread larger ones hold up no request. */
export const THREAD_SLICE = 1_024

/** Its program is loaded first. */
const START_LIMIT_MS = 60_000
/** All writes of the process wait for a slice. With another process in the way it takes five seconds until it is refused. */
const SLICE_LIMIT_MS = 10_000

const programUrl = () => new URL('./worker.ts', import.meta.url)

/** In a thread of their own, with a connection of its own, to which the process lends the database for each slice. */
export class ThreadSlices implements Slices {
  readonly size = THREAD_SLICE
  private readonly thread: Thread<SliceOrder, number>
  private started: Promise<unknown> | null = null

  constructor(private readonly ctx: SliceContext) {
    this.thread = new Thread(programUrl(), { databaseFile: ctx.database.file } satisfies SliceThreadData)
  }

  async take(slices: readonly Slice[]): Promise<number> {
    // Nothing is lent to a thread that has yet to load its program, or cannot: every write would wait for it.
    await (this.started ??= this.thread.ask({ slices: [], now: 0 }, START_LIMIT_MS))
    return this.ctx.database.lend(() => this.thread.ask({ slices, now: this.ctx.now() }, SLICE_LIMIT_MS))
  }

  end(): Promise<void> {
    return this.thread.end()
  }
}
