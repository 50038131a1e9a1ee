import { eq } from 'drizzle-orm'
import { checkCycle, leases } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { Lease } from '#server/platform/lease'
import { publish } from '#server/platform/live'
import { readCycleState } from '../read/cycle'

/** Why the monitor cannot trust itself: its canary does not resolve, or too many domains lost their answer at once. */
export type MonitorFault = 'canary' | 'many-unknown'

/**
 * Writes down a tick and what it found about the monitor itself; tells the live stream when that changed. False when the lease went
 * to another holder meanwhile: then nothing is written.
 */
export function recordTick(ctx: Context, lease: Lease, fault: MonitorFault | null): Promise<boolean> {
  return transaction(ctx, async (inside) => {
    const now = ctx.now()
    const [holder] = await inside.tx.select().from(leases).where(eq(leases.name, lease.name))
    if (holder?.owner !== lease.owner || holder.fence !== lease.fence) return false
    const [before] = await inside.tx.select().from(checkCycle).where(eq(checkCycle.id, 1))
    const faultSince = fault === null ? null : before?.fault === fault ? before.faultSince : now
    const tick = { lastTickAt: now, fault, faultSince }
    await inside.tx
      .insert(checkCycle)
      .values({ id: 1, ...tick })
      .onConflictDoUpdate({ target: checkCycle.id, set: tick })
    if (before && before.fault === fault) return true
    await publish(inside, 'cycle', null, await readCycleState({ ...inside, scope: 'all' }))
    return true
  })
}
