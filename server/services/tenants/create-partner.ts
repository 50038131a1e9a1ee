import { ServiceError } from '#shared/errors'
import type { Partner, PartnerInput } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { insertPartner } from './store'
import { partnerOf } from './wire'

/**
 * Makes a partner without tenants.
 * @throws ServiceError CONFLICT when the slug is taken, FORBIDDEN for a narrowed caller
 */
export async function createPartner(ctx: Context, { slug, name }: PartnerInput): Promise<Partner> {
  requireWholeScope(ctx)
  return mutate(ctx, 'partner.created', async (inside) => {
    const row = await insertPartner(inside.tx, { id: ctx.newId('p'), slug, name, createdAt: ctx.now() })
    if (!row) throw new ServiceError('CONFLICT', `The slug ${slug} is taken`, { details: { field: 'slug' } })
    return {
      value: partnerOf(row),
      events: [{ resource: { type: 'partner', id: row.id }, partnerId: row.id, data: { slug, name } }],
    }
  })
}
