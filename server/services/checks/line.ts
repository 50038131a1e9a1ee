import type { Context } from '#server/platform/context'
import type { CheckTarget } from './collectors/contract'
import type { Claim } from './store/claims'

/** A domain that is held for its look; without a target it was deleted meanwhile. */
export interface Held {
  claim: Claim
  target: CheckTarget | undefined
}

/** Domains that are held until their time comes, the earliest first. */
export class Line {
  private held: Held[] = []
  private turn: Promise<void> | null = null

  /** @param aheadMs so long before its time a domain may join */
  constructor(
    private readonly ctx: Context,
    private readonly aheadMs: number,
    private readonly signal: AbortSignal,
  ) {}

  get isEmpty(): boolean {
    return this.held.length === 0
  }

  /** Whether the time of the first one has come. */
  get isDue(): boolean {
    return !this.isEmpty && this.msToGo() === 0
  }

  join(held: Held[]): void {
    this.held = [...this.held, ...held].sort((a, b) => a.claim.nextDueAt - b.claim.nextDueAt)
  }

  /** The first one leaves for its look; undefined while its time has not come. */
  next(): Held | undefined {
    return this.isDue ? this.held.shift() : undefined
  }

  /** All leave without a look. */
  leave(): Claim[] {
    return this.held.splice(0).map(({ claim }) => claim)
  }

  /** Resolves when the time of the first one comes. One wait at a time: whoever asks again meanwhile shares it. */
  untilDue(): Promise<void> {
    this.turn ??= this.ctx.pause(this.msToGo(), this.signal).then(() => void (this.turn = null))
    return this.turn
  }

  /** Nobody joins so early that more than `aheadMs` are left: then the clock was set back, and the domain is not kept for longer. */
  private msToGo(): number {
    const left = this.held[0]!.claim.nextDueAt - this.ctx.now()
    return left > this.aheadMs ? 0 : Math.max(0, left)
  }
}
