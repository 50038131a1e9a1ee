import { and, eq, gt, inArray, isNull, lt, or } from 'drizzle-orm'
import { auditDomains, checkRuns } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { publish } from '#server/platform/live'
import type { LiveCheck, LiveRun } from '#shared/schemas/live'
import { moveRun } from './progress'

type Inside = Context & { tx: NonNullable<Context['tx']> }
export type RunRow = typeof checkRuns.$inferSelect

/** A run whose process has not been heard of for this long has died with it. */
export const RUN_DEAD_MS = 30_000

/** Also a heartbeat from the future is no sign of life: the clock was set back. */
export const isDead = (run: Pick<RunRow, 'heartbeatAt'>, now: number) =>
  run.heartbeatAt < now - RUN_DEAD_MS || run.heartbeatAt > now + RUN_DEAD_MS

const isOpen = inArray(checkRuns.status, ['queued', 'running'])

/** The run of the same thing that is under way. */
export async function openRun({ tx, now }: Inside, tenantId: string, domainId: string | null): Promise<RunRow | null> {
  const sameDomain = domainId === null ? isNull(checkRuns.domainId) : eq(checkRuns.domainId, domainId)
  const rows = await tx
    .select()
    .from(checkRuns)
    .where(and(eq(checkRuns.tenantId, tenantId), sameDomain, isOpen))
  return rows.find((row) => !isDead(row, now())) ?? null
}

export async function insertRun({ tx }: Inside, run: RunRow): Promise<void> {
  await tx.insert(checkRuns).values(run)
}

/** Ends a run that is still open, and tells of it. */
export async function finishRun(ctx: Context, runId: string, status: 'done' | 'failed'): Promise<void> {
  await transaction(ctx, (inside) => finishWhere(inside, eq(checkRuns.id, runId), status))
}

/** Marks the runs of dead processes as failed. */
export async function failDeadRuns(ctx: Context): Promise<void> {
  const now = ctx.now()
  const dead = or(lt(checkRuns.heartbeatAt, now - RUN_DEAD_MS), gt(checkRuns.heartbeatAt, now + RUN_DEAD_MS))
  const [any] = await ctx.database.read.select({ id: checkRuns.id }).from(checkRuns).where(and(isOpen, dead)).limit(1)
  if (any) await transaction(ctx, (inside) => finishWhere(inside, dead, 'failed'))
}

async function finishWhere(ctx: Inside, which: ReturnType<typeof and>, status: 'done' | 'failed'): Promise<void> {
  const ended = await ctx.tx.update(checkRuns).set({ status, finishedAt: ctx.now() }).where(and(which, isOpen)).returning()
  for (const run of ended) {
    const told: LiveRun = { runId: run.id, status, done: run.done, total: run.total }
    await publish(ctx, 'run', run.tenantId, told)
  }
}

/** Says that a run lives. */
export async function beatRuns(ctx: Context, runIds: readonly string[]): Promise<void> {
  await transaction(ctx, async ({ tx, now }) => {
    await tx
      .update(checkRuns)
      .set({ heartbeatAt: now(), status: 'running' })
      .where(and(inArray(checkRuns.id, [...runIds]), isOpen))
  })
}

/** Tells of one finished check of a run; what is stored comes with the run. */
export async function publishCheck(ctx: Context, tenantId: string, check: LiveCheck): Promise<void> {
  await transaction(ctx, (inside) => publish(inside, 'check', tenantId, check))
}

/** The live domains of a tenant, or one of them. */
export async function domainsToRun(
  { tx }: Inside,
  tenantId: string,
  domain: string | undefined,
): Promise<{ id: string; domain: string }[]> {
  const named = domain === undefined ? undefined : eq(auditDomains.domain, domain)
  return tx
    .select({ id: auditDomains.id, domain: auditDomains.domain })
    .from(auditDomains)
    .where(and(eq(auditDomains.tenantId, tenantId), isNull(auditDomains.deletedAt), named))
    .orderBy(auditDomains.domain)
}

/** Counts a domain of a run that could not be looked at. */
export async function skipInRun(ctx: Context, runId: string): Promise<void> {
  await transaction(ctx, (inside) => moveRun(inside, runId))
}
