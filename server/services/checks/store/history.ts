import { and, eq, exists, gt, inArray, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Db } from '#drizzle/client'
import { checkCycle, checkDays, checkRuns } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { TRANSITIONS, type Transitions } from '../read/transitions'
import { DAY_MS } from '../strip'

/** Rows a transaction. */
const STEP = 500

/**
 * Removes at most some hundred rows of each kind that are older than a moment (ms); answers how many. The latest change of a check
 * stays whatever its age: it says since when things are as they are.
 */
export function pruneStep(ctx: Context, before: number): Promise<number> {
  return transaction(ctx, async ({ tx }) => {
    let changes = 0
    for (const transitions of TRANSITIONS) changes += await pruneChanges(tx, transitions, before)
    const [oldest] = await tx
      .select({ day: sql<number | null>`min(${checkDays.day})` })
      .from(checkDays)
      .where(lt(checkDays.day, Math.floor(before / DAY_MS)))
    // A day at a time: it has at most one row for each check of each domain that did not pass.
    const days =
      oldest?.day == null ? [] : await tx.delete(checkDays).where(eq(checkDays.day, oldest.day)).returning({ day: checkDays.day })
    const oldRuns = tx.select({ id: checkRuns.id }).from(checkRuns).where(lt(checkRuns.createdAt, before)).limit(STEP)
    const runs = await tx.delete(checkRuns).where(inArray(checkRuns.id, oldRuns)).returning({ id: checkRuns.id })
    return changes + days.length + runs.length
  })
}

async function pruneChanges(tx: Db, transitions: Transitions, before: number): Promise<number> {
  const { id, at, domainId, checkId } = transitions
  const later = alias(transitions, 'later')
  const hasLater = tx
    .select({ one: sql`1` })
    .from(later)
    .where(and(eq(later.domainId, domainId), eq(later.checkId, checkId), gt(later.at, at)))
  const old = tx
    .select({ id })
    .from(transitions)
    .where(and(lt(at, before), exists(hasLater)))
    .limit(STEP)
  return (await tx.delete(transitions).where(inArray(id, old)).returning({ id })).length
}

/** Says that nothing older is left. */
export async function recordPruning(ctx: Context): Promise<void> {
  await transaction(ctx, async ({ tx, now }) => {
    await tx.update(checkCycle).set({ prunedAt: now() }).where(eq(checkCycle.id, 1))
  })
}
