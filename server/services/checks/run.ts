import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import type { Run } from '#shared/schemas/checks'
import type { Looking } from './look'
import { LOOKING } from './looking'
import { machineOf } from './machine'
import { storedForm } from './stored-form'
import { readRun, readRunResults, tenantBy } from './read/runs'
import { carryOut, type RunWork } from './run-work'
import { domainsToRun, insertRun, isDead, openRun } from './store/runs'

/**
 * A look that a person asks for: at one domain of a tenant, or at all of them; with fresh DNS, now. While it is under way the same
 * request answers the same run.
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain, CONFLICT when the tenant has no domain
 */
export async function requestRun(
  ctx: Context,
  input: { idOrSlug: string; domain?: string },
  looking: Looking = LOOKING,
): Promise<{ runId: string }> {
  const machine = machineOf(ctx)
  if (machine.stopping.signal.aborted) throw new ServiceError('BACKPRESSURE', 'The portal is closing', { retryAfterMs: 5_000 })
  const domain = input.domain === undefined ? undefined : storedForm(input.domain)
  const begun = await mutate<{ runId: string; work?: RunWork }>(ctx, 'check.run_requested', async (inside) => {
    const tenant = await tenantBy(inside, input.idOrSlug)
    if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
    const domains = await domainsToRun(inside, tenant.id, domain)
    if (domains.length === 0 && domain !== undefined) throw new ServiceError('NOT_FOUND', 'The tenant has no such domain')
    if (domains.length === 0) throw new ServiceError('CONFLICT', 'The tenant has no domain to look at')
    const domainId = domain === undefined ? null : domains[0]!.id
    const open = await openRun(inside, tenant.id, domainId)
    if (open) return { value: { runId: open.id }, events: [] }
    const [runId, now] = [ctx.newId('run'), ctx.now()]
    await insertRun(inside, {
      ...{ id: runId, tenantId: tenant.id, domainId, status: 'queued', done: 0, total: domains.length },
      ...{ createdAt: now, finishedAt: null, owner: machine.owner, heartbeatAt: now },
    })
    const data = { runId, domain, domains: domains.length }
    const event = { resource: { type: 'tenant', id: tenant.id }, tenantId: tenant.id, partnerId: tenant.partnerId, data }
    return { value: { runId, work: { runId, tenantId: tenant.id, tenant: tenant.slug, domains } }, events: [event] }
  })
  if (begun.work) {
    const system = actingAs(ctx, SYSTEM_ACTOR, 'all', ctx.requestId)
    machine.runs.set(
      begun.runId,
      carryOut(system, begun.work, looking).finally(() => machine.runs.delete(begun.runId)),
    )
  }
  return { runId: begun.runId }
}

/**
 * How far a run is; with the confirmed verdicts once it is done.
 * @throws ServiceError NOT_FOUND when the caller sees no such run
 */
export async function getRun(ctx: Context, runId: string): Promise<Run> {
  const run = await readRun(ctx, runId)
  if (!run) throw new ServiceError('NOT_FOUND', 'There is no such run')
  const open = run.status === 'queued' || run.status === 'running'
  const status = open && isDead(run, ctx.now()) ? 'failed' : run.status
  const told = { runId: run.id, status, done: run.done, total: run.total }
  return status === 'done' ? { ...told, results: await readRunResults(ctx, run) } : told
}
