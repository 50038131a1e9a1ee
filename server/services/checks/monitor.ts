import type { Context } from '#server/platform/context'
import { canaryResolves } from './canary'
import { cycleNumber } from './slot'
import type { MonitorFault } from './store/cycle'

/** With fewer domains than this a few lost answers say nothing about the monitor. */
const ENOUGH_DOMAINS = 20
const TOO_MANY_LOST = 0.1

/** Watches the monitor itself: a fault of ours must never look like one of the domains. */
export class Monitor {
  private cycle = -1
  private canaryFailed = false
  private seen = 0
  private answered = 0
  private lost = 0

  /** At each tick: asks the canary once a cycle, and every time while something is wrong. */
  async look(ctx: Context, signal: AbortSignal): Promise<MonitorFault | null> {
    const cycle = cycleNumber(ctx.now(), ctx.config.auditIntervalSec * 1000)
    const begins = cycle !== this.cycle
    if (begins || this.fault !== null) this.canaryFailed = !(await canaryResolves(ctx, signal))
    if (begins) [this.cycle, this.seen, this.answered, this.lost] = [cycle, 0, 0, 0]
    return this.fault
  }

  get fault(): MonitorFault | null {
    if (this.canaryFailed) return 'canary'
    const many = this.seen >= ENOUGH_DOMAINS && this.lost > this.answered * TOO_MANY_LOST
    return many ? 'many-unknown' : null
  }

  get canaryOk(): boolean {
    return !this.canaryFailed
  }

  /** Takes note of one look: cells before and after. Only what had an answer can lose it; verdicts of `fail` never count. */
  note(before: string, after: string): void {
    this.seen++
    if (before.includes('?') || before.includes('.')) return
    this.answered++
    if (after.includes('?')) this.lost++
  }
}
