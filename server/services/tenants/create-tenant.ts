import { ServiceError } from '#shared/errors'
import type { TenantInput, TenantSummary } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { type EventDetails, mutate } from '#server/services/audit'
import { requirePartner, requireWholeScope } from './access'
import { tenantSummary } from './read'
import { insertTenant, TENANT_ID_PREFIX, type TenantRow } from './store'

/**
 * Makes a tenant without domains.
 * @throws ServiceError CONFLICT when the slug is taken, VALIDATION when the partner is not there, FORBIDDEN for a narrowed caller
 */
export async function createTenant(ctx: Context, input: TenantInput): Promise<TenantSummary> {
  requireWholeScope(ctx)
  return mutate(ctx, 'tenant.created', async (inside) => {
    await requirePartner(inside, input.partnerId)
    const row = await insertTenant(inside.tx, newTenantRow(inside, input))
    if (!row) throw new ServiceError('CONFLICT', `The slug ${input.slug} is taken`, { details: { field: 'slug' } })
    return { value: await tenantSummary(inside, row.id), events: [tenantCreated(row, 'manual')] }
  })
}

export function newTenantRow(ctx: Context, { slug, name, plan, partnerId }: TenantInput) {
  return { id: ctx.newId(TENANT_ID_PREFIX), slug, name, plan: plan ?? null, partnerId: partnerId ?? null, createdAt: ctx.now() }
}

export function tenantCreated(row: TenantRow, source: 'onboarding' | 'manual'): EventDetails {
  const { id, slug, name, plan, partnerId } = row
  return { resource: { type: 'tenant', id }, tenantId: id, partnerId, data: { slug, name, plan, partnerId, source } }
}
