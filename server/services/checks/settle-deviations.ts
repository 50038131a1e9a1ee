import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { anyOverdue } from './read/deviations'
import { endDeviation, overdueDeviations } from './store/deviations'
import { rescore } from './store/summary'

/** A transaction's worth: other writers wait meanwhile. */
const STEP = 5

/**
 * Ends the deviations whose time is over, and scores their domains anew. Whoever comes first does it, a tick or somebody who reads:
 * no answer shows a score that an ended deviation still holds up.
 */
export async function settleDeviations(ctx: Context): Promise<void> {
  const system = actingAs(ctx, SYSTEM_ACTOR, 'all', ctx.requestId)
  while (await anyOverdue(ctx)) {
    await mutate(system, 'deviation.expired', async (inside) => {
      const overdue = await overdueDeviations(inside.tx, inside.now(), STEP)
      for (const { deviation } of overdue) await endDeviation(inside.tx, deviation.id, inside.now())
      for (const domainId of new Set(overdue.map(({ domain }) => domain.id))) await rescore(inside, domainId)
      const events = overdue.map(({ deviation, domain, partnerId }) => ({
        ...{ resource: { type: 'domain', id: domain.id }, tenantId: domain.tenantId, partnerId },
        data: { deviationId: deviation.id, domain: domain.domain, checkId: deviation.checkId, code: deviation.code },
      }))
      return { value: undefined, events }
    })
  }
}

/** The same for who only reads: a database that cannot be written is no reason to answer nothing. */
export async function settleForReader(ctx: Context): Promise<void> {
  await settleDeviations(ctx).catch(() => ctx.log.warn('Ended deviations could not be settled', { component: 'checks' }))
}
