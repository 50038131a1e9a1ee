import { setMaxListeners } from 'node:events'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { CycleWorld } from './cycle-world'
import { SharedLooks } from './extended/shared-looks'
import { Monitor } from './monitor'

/** What the cycle and the runs of one process hold in memory; everything that must survive it is in the database. */
export interface Machine {
  /** Names this process in leases and runs. */
  owner: string
  world: CycleWorld
  /** What extended checks share for longer than a cycle. */
  looks: SharedLooks
  monitor: Monitor
  ticking: Promise<void> | null
  /** The runs that this process carries out. */
  runs: Map<string, Promise<void>>
  stopping: AbortController
}

export const machineOf = perDatabase<Machine>((ctx) => {
  const stopping = new AbortController()
  // Every check under way listens: hundreds are no leak.
  setMaxListeners(0, stopping.signal)
  return {
    owner: ctx.newId('process'),
    world: new CycleWorld(),
    looks: new SharedLooks(ctx.now),
    monitor: new Monitor(),
    ticking: null,
    runs: new Map(),
    stopping,
  }
})

/** Stops looking: what is under way is cut off and given back, nothing half is stored. Call before the database is closed. */
export async function stopChecks(ctx: Context): Promise<void> {
  const machine = machineOf(ctx)
  machine.stopping.abort()
  await Promise.allSettled([machine.ticking, ...machine.runs.values()])
}
