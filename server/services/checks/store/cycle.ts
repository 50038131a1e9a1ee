import { eq } from 'drizzle-orm'
import { checkCycle, leases } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { Lease } from '#server/platform/lease'
import { publish } from '#server/platform/live'
import { faultOf, type MonitorFault, type MonitorReport } from '../monitor'
import { readCycleState } from '../read/cycle'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type CycleRow = typeof checkCycle.$inferSelect

/**
 * Writes down a tick and adds what this process found about the monitor itself to what others found in the same cycle; tells the live
 * stream when its fault changed. Null when the lease went to another holder meanwhile: then nothing is written.
 */
export function recordTick(ctx: Context, lease: Lease, report: MonitorReport): Promise<{ fault: MonitorFault | null } | null> {
  return transaction(ctx, async (inside) => {
    const [holder] = await inside.tx.select().from(leases).where(eq(leases.name, lease.name))
    if (holder?.owner !== lease.owner || holder.fence !== lease.fence) return null
    const before = await storedCycle(inside)
    const { cycle, canaryFailed, ...counted } = report
    const known = before?.cycle === cycle ? before : { seen: 0, answered: 0, lost: 0 }
    const counts = {
      seen: known.seen + counted.seen,
      answered: known.answered + counted.answered,
      lost: known.lost + counted.lost,
    }
    const fault = faultOf(canaryFailed, counts)
    await writeCycle(inside, before, { lastTickAt: ctx.now(), fault, cycle, ...counts })
    return { fault }
  })
}

/** Writes down what a person's run found out about the canary; where nobody ticks nobody else would. A tick it is not. */
export async function recordCanary(ctx: Context, resolves: boolean): Promise<void> {
  await transaction(ctx, async (inside) => {
    const before = await storedCycle(inside)
    const knownToFail = before?.fault === 'canary'
    if (resolves !== knownToFail) return
    await writeCycle(inside, before, { lastTickAt: before?.lastTickAt ?? 0, fault: resolves ? null : 'canary' })
  })
}

async function storedCycle({ tx }: Inside): Promise<CycleRow | undefined> {
  const [row] = await tx.select().from(checkCycle).where(eq(checkCycle.id, 1))
  return row
}

type Written = Pick<CycleRow, 'lastTickAt'> & Partial<CycleRow> & { fault: MonitorFault | null }

async function writeCycle(inside: Inside, before: CycleRow | undefined, written: Written): Promise<void> {
  const { fault } = written
  const faultSince = fault === null ? null : before?.fault === fault ? before.faultSince : inside.now()
  const set = { ...written, faultSince }
  await inside.tx
    .insert(checkCycle)
    .values({ id: 1, ...set })
    .onConflictDoUpdate({ target: checkCycle.id, set })
  if (before && before.fault === fault) return
  await publish(inside, 'cycle', null, await readCycleState({ ...inside, scope: 'all' }))
}
