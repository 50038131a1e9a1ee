import { ServiceError } from '#shared/errors'
import type { Domain, DomainInput } from '#shared/schemas/tenants'
import type { Context, Scope } from '#server/platform/context'
import { type EventDetails, mutate } from '#server/services/audit'
import { requireMailHost, requireTenant, sees } from './access'
import { newDomainRow, prepareDomain } from './prepare-domain'
import type { TenantRow } from './store'
import { type DomainHolder, type DomainRow, holdersOf, insertDomains } from './store-domains'
import { domainOf } from './wire'

/**
 * Adds a domain to a tenant; it is looked at within seconds.
 * @throws ServiceError NOT_FOUND, VALIDATION with the reason, CONFLICT when the domain is live already (here or under another tenant)
 */
export async function addDomain(ctx: Context, tenant: string, input: DomainInput): Promise<Domain> {
  const prepared = prepareDomain(input)
  return mutate(ctx, 'domain.added', async (inside) => {
    const owner = await requireTenant(inside, tenant)
    await requireMailHost(inside, prepared.mailHostId)
    const [row] = await insertDomains(inside.tx, [newDomainRow(ctx, prepared, { tenantId: owner.id, source: 'manual' })])
    if (!row) throw taken(ctx.scope, owner, (await holdersOf(inside.db, [prepared.domain])).get(prepared.domain))
    return { value: domainOf(row), events: [domainAdded(owner, row)] }
  })
}

/** Who holds the domain is told only to a caller who sees that tenant. */
export function taken(scope: Scope, owner: TenantRow, holder: DomainHolder | undefined): ServiceError {
  if (holder?.id === owner.id) return new ServiceError('CONFLICT', 'The tenant has this domain already')
  if (!holder || !sees(scope, holder.id)) return new ServiceError('CONFLICT', 'The domain belongs to another tenant')
  return new ServiceError('CONFLICT', `The domain belongs to ${holder.name}`, { details: { tenant: holder } })
}

export function domainAdded(owner: TenantRow, row: DomainRow): EventDetails {
  const { domain, source, mailHostId } = row
  return { ...aboutDomain(owner, row), data: { domain, source, mailHostId } }
}

/** Where an event about a domain belongs. */
export function aboutDomain(owner: TenantRow, row: DomainRow): EventDetails {
  return { resource: { type: 'domain', id: row.id }, tenantId: owner.id, partnerId: owner.partnerId }
}
