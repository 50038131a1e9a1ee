import type { Context } from '#server/platform/context'
import { canaryResolves } from './canary'
import { readMonitor } from './read/cycle'
import { cycleNumber } from './slot'

/** Why the monitor cannot trust itself: its canary does not resolve, or too many domains lost their answer at once. */
export type MonitorFault = 'canary' | 'many-unknown'

/** Looks of one cycle: `answered` of the `seen` had an answer to every check before, and `lost` of those lost one. */
export interface MonitorCounts {
  seen: number
  answered: number
  lost: number
}

/** What one process has to say about the monitor, to be added to what all have said in the same cycle. */
export interface MonitorReport extends MonitorCounts {
  cycle: number
  canaryFailed: boolean
}

/** With fewer domains than this a few lost answers say nothing about the monitor. */
const ENOUGH_DOMAINS = 20
const TOO_MANY_LOST = 0.1
const NOTHING: Readonly<MonitorCounts> = { seen: 0, answered: 0, lost: 0 }

export function faultOf(canaryFailed: boolean, { seen, answered, lost }: MonitorCounts): MonitorFault | null {
  if (canaryFailed) return 'canary'
  return seen >= ENOUGH_DOMAINS && lost > answered * TOO_MANY_LOST ? 'many-unknown' : null
}

/**
 * Watches the monitor itself: a fault of ours must never look like one of the domains. What it knows is in the database, for the next
 * tick may be another process's; here is only what was counted since the last report.
 */
export class Monitor {
  private counts: MonitorCounts = { ...NOTHING }
  private canaryFailed = false
  /** The fault as it was last written down. */
  fault: MonitorFault | null = null

  /** At each tick: asks the canary once a cycle, and every time while something is wrong. */
  async look(ctx: Context, signal: AbortSignal): Promise<MonitorReport> {
    const cycle = cycleNumber(ctx.now(), ctx.config.auditIntervalSec * 1000)
    const stored = await readMonitor(ctx)
    const asks = stored?.cycle !== cycle || stored.fault !== null
    this.canaryFailed = asks && !(await canaryResolves(ctx, signal))
    return this.report(cycle)
  }

  /** What was counted since the last time; it is handed on, and forgotten here. */
  report(cycle: number): MonitorReport {
    const counts = this.counts
    this.counts = { ...NOTHING }
    return { cycle, canaryFailed: this.canaryFailed, ...counts }
  }

  get hasNews(): boolean {
    return this.counts.seen > 0
  }

  get canaryOk(): boolean {
    return !this.canaryFailed
  }

  /** Takes note of one look: cells before and after. Only what had an answer can lose it; verdicts of `fail` never count. */
  note(before: string, after: string): void {
    this.counts.seen++
    if (before.includes('?') || before.includes('.')) return
    this.counts.answered++
    if (after.includes('?')) this.counts.lost++
  }
}
