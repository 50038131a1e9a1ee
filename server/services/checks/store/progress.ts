import { and, eq, sql } from 'drizzle-orm'
import { prepared } from '#drizzle/prepared'
import { type auditDomains, checkRuns, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { publish } from '#server/platform/live'
import type { LiveRun } from '#shared/schemas/live'
import type { StoredLook } from '../merge-look'
import { cardOf } from '../summary'

type Inside = Context & { tx: NonNullable<Context['tx']> }

/** A person's run as a look's commit needs it. */
export interface RunProgress {
  runId: string
  total: number
}

/** Tells the live stream of a domain's new card; a person's run moves by one. Answers the partner of the domain's tenant. */
export async function publishSummary(
  ctx: Inside,
  domain: typeof auditDomains.$inferSelect,
  checks: readonly StoredLook[],
  run: RunProgress | undefined,
): Promise<string | null> {
  const [owner] = await selectOwner(ctx.tx, { id: domain.tenantId })
  const { partnerId, ...tenant } = owner!
  const summary = cardOf({ ...domain, tenant }, checks, ctx)
  const told: LiveRun = run
    ? { runId: run.runId, status: 'running', done: await moveRun(ctx, run.runId), total: run.total, summary }
    : { runId: null, status: 'done', done: 1, total: 1, summary }
  await publish(ctx, 'run', domain.tenantId, told)
  return partnerId
}

interface Owner {
  id: string
  slug: string
  name: string
  plan: string | null
  partnerId: string | null
  partner: string | null
}

const selectOwner = prepared<{ id: string }, Owner[]>((db) => {
  const { id, slug, name, plan, partnerId } = tenants
  return db
    .select({ id, slug, name, plan, partnerId, partner: partners.slug })
    .from(tenants)
    .leftJoin(partners, eq(partners.id, tenants.partnerId))
    .where(eq(tenants.id, sql.placeholder('id')))
})

/** Counts one more domain of a run as done; answers how many are. */
export async function moveRun({ tx, now }: Inside, runId: string): Promise<number> {
  const [run] = await tx
    .update(checkRuns)
    .set({ done: sql`${checkRuns.done} + 1`, status: 'running', heartbeatAt: now() })
    .where(and(eq(checkRuns.id, runId), sql`${checkRuns.done} < ${checkRuns.total}`))
    .returning({ done: checkRuns.done })
  return run?.done ?? 0
}
