import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { requireDomain, requireTenant } from './access'
import { aboutDomain } from './add-domain'
import { refuseStale, stillCurrent } from './patch'
import { changeDomain } from './store-domains'
import { domainOf } from './wire'

/**
 * Takes a domain out of the portal. Its past stays, and the name may be added again, here or elsewhere.
 * @param version when given, the domain must not have changed since
 * @throws ServiceError NOT_FOUND, STALE_VERSION with the domain as it stands
 */
export async function removeDomain(ctx: Context, tenant: string, domain: string, version?: number): Promise<void> {
  return mutate(ctx, 'domain.removed', async (inside) => {
    const owner = await requireTenant(inside, tenant)
    const row = await requireDomain(inside, owner, domain)
    refuseStale(version, domainOf(row))
    stillCurrent(await changeDomain(inside.tx, row, { deletedAt: ctx.now(), nextDueAt: row.nextDueAt }))
    return { value: undefined, events: [{ ...aboutDomain(owner, row), data: { domain: row.domain } }] }
  })
}
