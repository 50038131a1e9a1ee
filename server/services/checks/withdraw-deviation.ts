import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import type { Deviation } from '#shared/schemas/deviations'
import { domainOf } from './accept-deviation'
import { readDeviations } from './read/deviations'
import { tenantBy } from './read/runs'
import { endDeviation } from './store/deviations'
import { rescore } from './store/summary'

/**
 * Takes an acceptance back: the check counts again at once.
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant, or no such deviation of it that has not ended
 */
export async function withdrawDeviation(ctx: Context, { idOrSlug, id }: { idOrSlug: string; id: string }): Promise<void> {
  return mutate(ctx, 'deviation.withdrawn', async (inside) => {
    const tenant = await tenantBy(inside, idOrSlug)
    const [deviation] = tenant ? await readDeviations(inside, { tenantId: tenant.id, id }) : []
    if (!tenant || !deviation) throw new ServiceError('NOT_FOUND', 'There is no such deviation, or it has ended')
    await endDeviation(inside.tx, id, ctx.now())
    await rescore(inside, deviation.domainId)
    const { domain, domainId, checkId, code } = deviation
    const event = {
      ...{ resource: { type: 'domain', id: domainId }, tenantId: tenant.id, partnerId: tenant.partnerId },
      data: { deviationId: id, domain, checkId, code },
    }
    return { value: undefined, events: [event] }
  })
}

/**
 * What is accepted for a tenant's domains, or for one of them.
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain
 */
export async function listDeviations(
  ctx: Context,
  { idOrSlug, domain }: { idOrSlug: string; domain?: string },
): Promise<{ deviations: Deviation[] }> {
  const tenant = await tenantBy(ctx, idOrSlug)
  if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
  const domainId = domain === undefined ? undefined : (await domainOf(ctx, idOrSlug, domain)).domain.id
  return { deviations: await readDeviations(ctx, { tenantId: tenant.id, domainId }) }
}
