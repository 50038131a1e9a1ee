import type { Turn } from '#drizzle/write-queue'
import type { Context } from '#server/platform/context'
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
}

/** Who does them in a thread. */
export interface SlicesThread extends Slices {
  /** Whether it can begin at once. If not it is made ready, unless it failed too often. */
  makeReady(): boolean
  /** Whether it is at something, together with which more is done for less. */
  readonly isAtWork: boolean
}

/** What slices need of the world. */
export type SliceContext = Pick<Context, 'database' | 'now' | 'tx'>

/** Slices of some milliseconds, so that neither the event loop nor another writer waits. */
const OWN_SLICE = 256

/** On this thread's own connection. */
export class OwnSlices implements Slices {
  readonly size: number
  private readonly turn: Turn
  private readonly assessor: Assessor

  constructor(
    private readonly ctx: SliceContext,
    { size = OWN_SLICE, turn = 'next' }: { size?: number; turn?: Turn } = {},
  ) {
    this.size = size
    this.turn = turn
    this.assessor = new Assessor(ctx)
  }

  async take(slices: readonly Slice[]): Promise<number> {
    const { ctx, size, turn } = this
    const one = (slice: Slice) => (slice === 'place' ? placeSlice(ctx, size, turn) : this.assessor.slice(size, turn))
    return Math.max(0, ...(await Promise.all(slices.map(one))))
  }
}
