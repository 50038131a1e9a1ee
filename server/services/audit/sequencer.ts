import type { Context } from '#server/platform/context'
import { firstBehind, rememberAll } from './remember'
import { Assessor } from './risk'
import { sequence } from './sequence'
import { anyQueued } from './store-log'

/** Appends that come together are placed together; well below the second within which an event has its hash. */
const GATHER_MS = 100
/** What another process appended and did not live to place. */
const LOOK_MS = 1_000

/**
 * Places events and assesses their risk soon after their commit, and looks every second for those of others.
 * No lease: the transaction of a slice is the lock, and a lease of a killed process would hold the log up until it ends.
 */
export class Sequencer {
  private readonly stopListening: () => void
  private readonly look: NodeJS.Timeout
  private gather: NodeJS.Timeout | null = null
  private running: Promise<void> | null = null
  private stopped = false
  private refused: string | null = null
  private readonly assessor: Assessor

  constructor(private readonly ctx: Context) {
    this.assessor = new Assessor(ctx)
    this.stopListening = ctx.database.onCommit(() => this.nudge())
    this.look = setInterval(() => void this.run(), LOOK_MS)
    this.look.unref()
    this.nudge()
  }

  /** Ends after the slice that is under way; what waits is placed by the next start. */
  async stop(): Promise<void> {
    this.stopped = true
    this.stopListening()
    clearInterval(this.look)
    if (this.gather) clearTimeout(this.gather)
    await this.running
  }

  private nudge(): void {
    this.gather ??= setTimeout(() => {
      this.gather = null
      void this.run()
    }, GATHER_MS)
  }

  private run(): Promise<void> {
    this.running ??= this.place()
      .then(() => this.assess())
      .finally(() => (this.running = null))
    return this.running
  }

  private async place(): Promise<void> {
    try {
      // A read first: the commit of an empty slice would be heard as one more reason to look.
      if (this.stopped || !(await anyQueued(this.ctx.database.read))) return
      const behind = await firstBehind(this.ctx)
      if (behind) return this.refuse(behind)
      await sequence(this.ctx, () => !this.stopped)
      await rememberAll(this.ctx)
    } catch (error) {
      const cause = error instanceof Error ? error.name : 'unknown'
      this.ctx.log.error('Audit events could not be given their place in the log', { component: 'audit', cause })
    }
  }

  private async assess(): Promise<void> {
    try {
      if (!this.stopped) await this.assessor.assess(() => !this.stopped)
    } catch (error) {
      const cause = error instanceof Error ? error.name : 'unknown'
      this.ctx.log.error('Audit events could not be given their risk', { component: 'audit', cause })
    }
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
