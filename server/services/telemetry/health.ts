import { diskFreeBytes } from '#server/platform/disk'
import type { Context } from '#server/platform/context'
import { readLastTick } from '#server/services/checks'
import type { Health } from '#shared/schemas/health'

/** Below this the next hours may end in a full disk. */
const LOW_DISK_BYTES = 200 * 1024 * 1024
/** The cycle ticks every five seconds. */
const OLD_TICK_SEC = 60

/**
 * How the process is, for whoever watches it: reads the database for real. `down` when it does not answer; `degraded` when the portal
 * answers but the checks stand still or the disk is nearly full.
 */
export async function health(ctx: Context, version: string): Promise<Health> {
  const diskFree = await diskFreeBytes(ctx.config.dataDir)
  const tick = await lastTick(ctx)
  if (tick === 'no answer') return { status: 'down', version, db: 'down', cycleAgeSec: null, diskFree }
  // A clock that was set back makes no age below zero.
  const cycleAgeSec = tick === null ? null : Math.max(0, Math.round((ctx.now() - tick) / 1000))
  const stands = cycleAgeSec !== null && cycleAgeSec > OLD_TICK_SEC
  const low = diskFree !== null && diskFree < LOW_DISK_BYTES
  return { status: stands || low ? 'degraded' : 'ok', version, db: 'ok', cycleAgeSec, diskFree }
}

async function lastTick(ctx: Context): Promise<number | null | 'no answer'> {
  try {
    return await readLastTick(ctx)
  } catch {
    return 'no answer'
  }
}
