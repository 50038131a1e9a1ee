import { ServiceError } from '#shared/errors'
import type { Context, Scope } from '#server/platform/context'
import { normaliseDomain } from './domain-name'
import { findPartner, findTenant, type TenantRow } from './store'
import { type DomainRow, findDomain } from './store-domains'
import { knownMailHosts } from './store-mail-hosts'

/** Whether a caller may see a tenant. */
export function sees(scope: Scope, tenantId: string): boolean {
  return scope === 'all' || scope.includes(tenantId)
}

/**
 * For what is shared by all tenants (mail hosts, partners, new tenants): a caller who sees only some of them may not change it.
 * @throws ServiceError FORBIDDEN
 */
export function requireWholeScope(ctx: Context): void {
  if (ctx.scope !== 'all') throw new ServiceError('FORBIDDEN', 'This concerns all tenants, and you see only some of them')
}

/** @throws ServiceError NOT_FOUND, also when the tenant is there but out of the caller's sight */
export async function requireTenant(ctx: Context, idOrSlug: string): Promise<TenantRow> {
  const tenant = await findTenant(ctx.db, ctx.scope, idOrSlug)
  if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
  return tenant
}

/** @throws ServiceError NOT_FOUND, also for what cannot be a domain */
export async function requireDomain(ctx: Context, owner: TenantRow, name: string): Promise<DomainRow> {
  const normal = normaliseDomain(name)
  const row = normal.ok ? await findDomain(ctx.db, ctx.scope, { tenantId: owner.id, domain: normal.domain }) : undefined
  if (!row) throw new ServiceError('NOT_FOUND', 'The tenant has no such domain')
  return row
}

/** @throws ServiceError VALIDATION when an id is given that is no partner in sight */
export async function requirePartner(ctx: Context, id: string | null | undefined): Promise<void> {
  if (id != null && !(await findPartner(ctx.db, ctx.scope, id))) throw notThere('partnerId', 'there is no such partner')
}

/** @throws ServiceError VALIDATION when an id is given that is no mail host in sight */
export async function requireMailHost(ctx: Context, id: string | null | undefined): Promise<void> {
  if (id != null && !(await knownMailHosts(ctx.db, ctx.scope, [id])).has(id))
    throw notThere('mailHostId', 'there is no such mail host')
}

function notThere(path: string, message: string): ServiceError {
  return new ServiceError('VALIDATION', 'The input is not as it should be', { issues: [{ path, message }] })
}
