import type { Context } from '#server/platform/context'
import { firstBehind, rememberAll } from '../remember'
import { anyUnassessed } from '../risk'
import { anyQueued } from '../store-log'
import { OwnSlices, type Slice, type Slices, type SlicesThread } from './slices'

/** Appends that come together are placed together; well below the second within which an event has its hash. */
const GATHER_MS = 100
/** For what another process appended and did not live to place; also how often heads are remembered while the logs grow. */
const LOOK_MS = 1_000

/**
 * Places events and assesses their risk soon after their commit, and looks every second for those of others.
 * No lease: the transaction of a slice is the lock, and a lease of a killed process would hold the log up until it ends.
 */
export class Sequencer {
  private readonly stopListening: () => void
  private readonly timer: NodeJS.Timeout
  private gather: NodeJS.Timeout | null = null
  private running: Promise<void> | null = null
  private stopped = false
  private refused: string | null = null
  private readonly own: OwnSlices
  /** Much waited: from now on none of it is done between requests. */
  private isMuch = false
  /** The last slice: the next one is done here. */
  private hasFailed = false
  /** Since the heads were remembered. */
  private hasGrown = false
  private mayRemember = true

  /** @param thread for events by the thousand; without one all is done here */
  constructor(
    private readonly ctx: Context,
    private readonly thread: SlicesThread | null = null,
  ) {
    this.own = new OwnSlices(ctx)
    this.stopListening = ctx.database.onCommit(() => this.nudge())
    this.timer = setInterval(() => {
      this.mayRemember = true
      void this.run()
    }, LOOK_MS)
    this.timer.unref()
    this.nudge()
  }

  /** Ends after the slice that is under way; what waits is placed by the next start. */
  async stop(): Promise<void> {
    this.stopped = true
    this.stopListening()
    clearInterval(this.timer)
    if (this.gather) clearTimeout(this.gather)
    await this.running
    this.mayRemember = true
    await this.remember().catch((error: unknown) => this.failed(error))
  }

  private nudge(): void {
    this.gather ??= setTimeout(() => {
      this.gather = null
      void this.run()
    }, GATHER_MS)
  }

  private run(): Promise<void> {
    this.running ??= this.look().finally(() => (this.running = null))
    return this.running
  }

  private async look(): Promise<void> {
    try {
      const slices = this.stopped ? [] : await this.waiting()
      if (slices.length > 0) await this.takeAll(slices)
      await this.remember()
    } catch (error) {
      this.failed(error)
    }
  }

  private async remember(): Promise<void> {
    if (!this.hasGrown || !this.mayRemember) return
    await rememberAll(this.ctx)
    this.hasGrown = false
    this.mayRemember = false
  }

  /** Only what there is something for: the commit of an empty slice would be heard as one more reason to look. */
  private async waiting(): Promise<Slice[]> {
    const { read } = this.ctx.database
    const slices: Slice[] = (await anyUnassessed(read)) ? ['assess'] : []
    if (!(await anyQueued(read))) return slices
    const behind = await firstBehind(this.ctx)
    if (!behind) return ['place', ...slices]
    this.refuse(behind)
    return slices
  }

  private async takeAll(slices: Slice[]): Promise<void> {
    while (!this.stopped) {
      const hand = this.hand()
      const taken = await hand.take(slices)
      this.hasGrown = true
      this.hasFailed = false
      if (taken < hand.size) return
      this.isMuch = true
      await this.remember()
    }
  }

  private hand(): Slices {
    const { thread } = this
    if (!thread || this.hasFailed) return this.own
    return (this.isMuch || thread.isAtWork) && thread.makeReady() ? thread : this.own
  }

  /** The next look tries again, and does the first slice by itself. */
  private failed(error: unknown): void {
    this.hasFailed = true
    const cause = error instanceof Error ? error.name : 'unknown'
    this.ctx.log.error('Audit events could not be given their place in the log, or their risk', { component: 'audit', cause })
  }

  /** Going on would write a second story under the same indexes. Said once: it stays so until a restore is declared. */
  private refuse(log: string): void {
    if (this.refused !== log)
      this.ctx.log.error(
        `The audit log ${log} has fewer events than this machine remembers, so it is not continued: see docs/audit-log.md`,
        { component: 'audit' },
      )
    this.refused = log
  }
}
