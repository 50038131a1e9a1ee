import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import type { IngestId } from '#shared/schemas/ingest'

/** What this process does for its sources at the moment. */
interface Machine {
  /** Names this process in leases. */
  owner: string
  /** One tick of a source at a time. */
  running: Map<IngestId, Promise<void>>
  stopping: AbortController
  /** Events that came and are not stored yet. */
  eventsUnderWay: number
  /** The last who makes events of what came. */
  preparing: Promise<unknown>
}

export const machineOf = perDatabase<Machine>((ctx) => ({
  ...{
    owner: ctx.newId('process'),
    running: new Map(),
    stopping: new AbortController(),
    eventsUnderWay: 0,
    preparing: Promise.resolve(),
  },
}))

/** Stops fetching: what is under way ends with what is committed. Call before the database is closed. */
export async function stopIngest(ctx: Context): Promise<void> {
  const machine = machineOf(ctx)
  machine.stopping.abort()
  await Promise.allSettled(machine.running.values())
}
