import { createHash } from 'node:crypto'
import { ServiceError } from '#shared/errors'
import type { OnboardingEvent, OnboardingReceipt } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { type Mutation, mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { domainAdded, taken } from './add-domain'
import { newTenantRow, tenantCreated } from './create-tenant'
import { newDomainRow, prepareDomain } from './prepare-domain'
import { findTenant, insertTenant, rememberWebhook, type TenantRow } from './store'
import { holdersOf, insertDomains } from './store-domains'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type Events = Mutation<unknown>['events']

/**
 * A received event registers its domain; an unknown tenant is made. Everything in one transaction: an event that is refused is not
 * remembered, so that its sender may try again. The same (source, id) again changes nothing.
 * @param body the bytes received, of which a digest is kept and nothing else
 * @throws ServiceError VALIDATION for the domain, CONFLICT when another tenant holds it, FORBIDDEN for people and narrowed callers
 */
export async function receiveOnboarding(ctx: Context, event: OnboardingEvent, body: string): Promise<OnboardingReceipt> {
  if (ctx.actor.type === 'user') throw new ServiceError('FORBIDDEN', 'Events come with a bearer token')
  requireWholeScope(ctx)
  const { tenantSlug, domain } = event.data
  const prepared = prepareDomain({ domain, dkim: [], sends: true, receives: true })
  return mutate<OnboardingReceipt>(ctx, 'onboarding.received', async (inside) => {
    const id = ctx.newId('w')
    const fresh = await rememberWebhook(inside.tx, {
      id,
      source: event.source,
      externalId: event.id,
      type: event.type,
      eventTime: Date.parse(event.time),
      receivedAt: ctx.now(),
      tenantSlug,
      domain: prepared.domain,
      digest: createHash('sha256').update(body, 'utf8').digest('hex'),
    })
    if (!fresh) return { value: { duplicate: true }, events: [] }
    const { tenant, made } = await findOrMakeTenant(inside, event)
    const received = {
      resource: { type: 'webhook_event', id },
      tenantId: tenant.id,
      partnerId: tenant.partnerId,
      data: { type: event.type, domain: prepared.domain, tenantSlug, source: event.source },
    }
    return { value: { duplicate: false }, events: [received, ...made, ...(await register(inside, tenant, prepared))] }
  })
}

async function findOrMakeTenant(inside: Inside, { data }: OnboardingEvent): Promise<{ tenant: TenantRow; made: Events }> {
  const known = await findTenant(inside.db, inside.scope, data.tenantSlug)
  if (known) return { tenant: known, made: [] }
  const row = newTenantRow(inside, { slug: data.tenantSlug, name: data.tenantName ?? data.tenantSlug })
  const tenant = await insertTenant(inside.tx, row)
  if (!tenant) throw new ServiceError('CONFLICT', 'Another process made this tenant just now', { retryAfterMs: 1_000 })
  return { tenant, made: [{ ...tenantCreated(tenant, 'onboarding'), action: 'tenant.created' }] }
}

/** A domain that the tenant has already is fine: the two event types tell of the same one. */
async function register(inside: Inside, tenant: TenantRow, prepared: ReturnType<typeof prepareDomain>): Promise<Events> {
  const [row] = await insertDomains(inside.tx, [newDomainRow(inside, prepared, { tenantId: tenant.id, source: 'onboarding' })])
  if (row) return [{ ...domainAdded(tenant, row), action: 'domain.added' }]
  const holder = (await holdersOf(inside.db, [prepared.domain])).get(prepared.domain)
  if (holder?.id !== tenant.id) throw taken(inside.scope, tenant, holder)
  return []
}
