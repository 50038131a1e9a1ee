import type { Domain, DomainPatch } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { changesOf, mutate } from '#server/services/audit'
import { requireDomain, requireMailHost, requireTenant } from './access'
import { aboutDomain } from './add-domain'
import { given, refuseStale, stillCurrent } from './patch'
import { prepareDkim } from './prepare-domain'
import { changeDomain } from './store-domains'
import { domainOf } from './wire'

const FIELDS = ['mailHostId', 'dkim', 'sends', 'receives', 'webmailHost'] as const

/**
 * Changes what is expected of a domain and makes it due at once. What the patch leaves out stays, null empties.
 * @throws ServiceError NOT_FOUND, STALE_VERSION with the domain as it stands, VALIDATION
 */
export async function updateDomain(ctx: Context, tenant: string, domain: string, patch: DomainPatch): Promise<Domain> {
  const { version, ...fields } = patch
  if (fields.dkim) fields.dkim = prepareDkim(fields.dkim)
  return mutate(ctx, 'domain.updated', async (inside) => {
    const owner = await requireTenant(inside, tenant)
    const before = await requireDomain(inside, owner, domain)
    refuseStale(version, domainOf(before))
    if (fields.mailHostId !== before.mailHostId) await requireMailHost(inside, fields.mailHostId)
    const data = changesOf(before, { ...before, ...given(fields) }, FIELDS)
    if (Object.keys(data).length === 0) return { value: domainOf(before), events: [] }
    const after = stillCurrent(await changeDomain(inside.tx, before, { ...given(fields), nextDueAt: ctx.now() }))
    return { value: domainOf(after), events: [{ ...aboutDomain(owner, after), data: { domain: after.domain, ...data } }] }
  })
}
