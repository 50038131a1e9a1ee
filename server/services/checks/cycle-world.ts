import type { Context } from '#server/platform/context'
import type { Monitor } from './monitor'
import { memoryOf } from './memory'
import { createRunWorld, type RunWorld } from './run-world'
import { cycleNumber } from './slot'

/** What the looks of one cycle share (a mail host's health, the addresses of an MX host); the next cycle looks anew. */
export class CycleWorld {
  private cycle = -1
  private held: RunWorld | null = null

  /** The world of the cycle that runs now. When the monitor itself failed, what was seen says nothing and is forgotten. */
  enter(ctx: Context, monitor: Monitor): RunWorld {
    const cycle = cycleNumber(ctx.now(), ctx.config.auditIntervalSec * 1000)
    if (!this.held || cycle !== this.cycle || monitor.fault !== null) this.held = worldOf(ctx, monitor)
    this.cycle = cycle
    return this.held
  }
}

function worldOf(ctx: Context, monitor: Monitor): RunWorld {
  const { config, dns, http, tls, mail, now, random, lagMs } = ctx
  // The monitor has asked the canary already.
  return createRunWorld({
    memory: memoryOf(ctx),
    config,
    dns,
    http,
    tls,
    mail,
    now,
    random,
    lagMs,
    canary: () => monitor.canaryOk,
  })
}
