import type { TenantPatch, TenantSummary } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { changesOf, mutate } from '#server/services/audit'
import { requirePartner, requireTenant } from './access'
import { given, refuseStale, stillCurrent } from './patch'
import { tenantSummary } from './read'
import { changeTenant } from './store'

const FIELDS = ['name', 'plan', 'partnerId'] as const

/**
 * Changes a tenant; what the patch leaves out stays, null empties. The slug never changes: links and senders know it.
 * @throws ServiceError NOT_FOUND, STALE_VERSION with the tenant as it stands, VALIDATION when the partner is not there
 */
export async function updateTenant(ctx: Context, idOrSlug: string, patch: TenantPatch): Promise<TenantSummary> {
  return mutate(ctx, 'tenant.updated', async (inside) => {
    const before = await requireTenant(inside, idOrSlug)
    const current = await tenantSummary(inside, before.id)
    refuseStale(patch.version, current)
    const { version: _, ...fields } = patch
    if (fields.partnerId !== before.partnerId) await requirePartner(inside, fields.partnerId)
    const data = changesOf(before, { ...before, ...given(fields) }, FIELDS)
    if (Object.keys(data).length === 0) return { value: current, events: [] }
    const after = stillCurrent(await changeTenant(inside.tx, before, given(fields)))
    return {
      value: await tenantSummary(inside, after.id),
      events: [{ resource: { type: 'tenant', id: after.id }, tenantId: after.id, partnerId: after.partnerId, data }],
    }
  })
}
