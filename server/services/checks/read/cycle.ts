import { and, eq, inArray, isNull, max, min } from 'drizzle-orm'
import { auditDomains, checkCycle } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { CycleState } from '#shared/schemas/overview'
import { isoOrNull } from '../summary'

/** What the cycle does: its interval, the latest and the next look at a domain that the caller may see, and its own fault. */
export async function readCycleState({ db, scope, config }: Context): Promise<CycleState> {
  const seen = scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope])
  const [times] = await db
    .select({ last: max(auditDomains.lastAuditAt), next: min(auditDomains.nextDueAt) })
    .from(auditDomains)
    .where(and(isNull(auditDomains.deletedAt), seen))
  const [cycle] = await db.select().from(checkCycle).where(eq(checkCycle.id, 1))
  return {
    intervalSec: config.auditIntervalSec,
    lastAuditAt: isoOrNull(times?.last ?? null),
    nextDueAt: isoOrNull(times?.next ?? null),
    fault: cycle?.fault ?? null,
    faultSince: isoOrNull(cycle?.faultSince ?? null),
  }
}

/** When the cycle last ticked, ms; null before its first time. */
export async function readLastTick({ database }: Context): Promise<number | null> {
  const [cycle] = await database.read.select({ at: checkCycle.lastTickAt }).from(checkCycle).where(eq(checkCycle.id, 1))
  return cycle && cycle.at > 0 ? cycle.at : null
}

/** What is known about the monitor itself, by whichever process; null before its first time. */
export async function readMonitor({
  database,
}: Context): Promise<{ cycle: number; fault: string | null; prunedAt: number } | null> {
  const { cycle, fault, prunedAt } = checkCycle
  const [row] = await database.read.select({ cycle, fault, prunedAt }).from(checkCycle).where(eq(checkCycle.id, 1))
  return row ?? null
}
