import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OnboardingEvent, TenantsQuery } from '#shared/schemas/tenants'
import { webhookEvents } from '#drizzle/schema/sqlite'
import { addDomain, createTenant, getTenant, listTenants, receiveOnboarding } from '#server/services/tenants'
import { auditTrail, recordedActions } from '../helpers/audit'
import { ANNA, TEST_NOW, testContext, type TestContext } from '../helpers/context'
import { domainInput } from '../helpers/tenants'

let ctx: TestContext
beforeEach(() => (ctx = testContext({ actor: { type: 'service', id: 'bootstrap', role: 'master' } })))
afterEach(() => ctx.close())

function cloudEvent(over: Record<string, unknown> = {}, data: Record<string, unknown> = {}) {
  return {
    specversion: '1.0',
    id: 'e-1',
    source: 'https://billing.example.org/',
    type: 'account.created',
    time: '2026-01-15T11:59:00+01:00',
    data: { tenantSlug: 'aurora', tenantName: 'Aurora Hotels', domain: 'Aurora.Example.DE', ...data },
    ...over,
  }
}
const receive = (event: object) => receiveOnboarding(ctx, OnboardingEvent.parse(event), JSON.stringify(event))
const webhooks = () => ctx.database.read.select().from(webhookEvents)

describe('an onboarding event', () => {
  it('makes the tenant and registers the domain, each with its event, in one go', async () => {
    expect(await receive(cloudEvent())).toEqual({ duplicate: false })
    expect(await getTenant(ctx, 'aurora')).toMatchObject({
      name: 'Aurora Hotels',
      domains: [{ domain: 'aurora.example.de', source: 'onboarding', status: 'pending' }],
    })
    const trail = await auditTrail(ctx)
    expect(trail.map((event) => event.action)).toEqual(['onboarding.received', 'tenant.created', 'domain.added'])
    expect(trail[1]!.data).toMatchObject({ source: 'onboarding' })
  })

  it('is kept as allow-listed fields and a digest, never as it came', async () => {
    const event = cloudEvent({ subject: 'anna@example.org' }, { contact: 'Anna Lima', password: 'hunter2' })
    await receive(event)
    const rows = await webhooks()
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^w_/),
        source: 'https://billing.example.org/',
        externalId: 'e-1',
        type: 'account.created',
        eventTime: Date.UTC(2026, 0, 15, 10, 59),
        receivedAt: TEST_NOW,
        tenantSlug: 'aurora',
        domain: 'aurora.example.de',
        digest: createHash('sha256').update(JSON.stringify(event)).digest('hex'),
      },
    ])
    expect(JSON.stringify([rows, await auditTrail(ctx)])).not.toMatch(/anna|hunter2/i)
  })

  it('changes nothing when the same (source, id) comes again, whatever it says', async () => {
    await receive(cloudEvent())
    expect(await receive(cloudEvent({}, { domain: 'other.example.de' }))).toEqual({ duplicate: true })
    expect((await getTenant(ctx, 'aurora')).domains).toHaveLength(1)
    expect(await webhooks()).toHaveLength(1)
    expect(await recordedActions(ctx)).toHaveLength(3)
    expect(await receive(cloudEvent({ source: 'https://other.example.org/' }, { domain: 'other.example.de' }))).toEqual({
      duplicate: false,
    })
  })

  it('registers once when the same event comes twice at the same time', async () => {
    const receipts = await Promise.all([receive(cloudEvent()), receive(cloudEvent())])
    expect(receipts.map((receipt) => receipt.duplicate).sort()).toEqual([false, true])
    expect(await recordedActions(ctx)).toHaveLength(3)
  })

  it('is accepted for a domain that its tenant has already', async () => {
    await receive(cloudEvent())
    expect(await receive(cloudEvent({ id: 'e-2', type: 'onboarding.completed' }))).toEqual({ duplicate: false })
    expect((await getTenant(ctx, 'aurora')).domains).toHaveLength(1)
    expect(await recordedActions(ctx)).toEqual(['onboarding.received', 'tenant.created', 'domain.added', 'onboarding.received'])
  })

  it('is refused and not remembered when another tenant has the domain', async () => {
    await createTenant(ctx, { slug: 'boreal', name: 'Boreal' })
    await addDomain(ctx, 'boreal', domainInput('aurora.example.de'))
    await expect(receive(cloudEvent())).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await webhooks()).toEqual([])
    expect((await listTenants(ctx, TenantsQuery.parse({}))).tenants.map((tenant) => tenant.slug)).toEqual(['boreal'])
    expect(await recordedActions(ctx)).toEqual(['tenant.created', 'domain.added'])
  })

  it('is refused for a name that is no domain', async () => {
    await expect(receive(cloudEvent({}, { domain: 'localhost' }))).rejects.toMatchObject({ token: 'VALIDATION' })
    expect(await webhooks()).toEqual([])
  })

  it('comes from a program only', async () => {
    const event = cloudEvent()
    const byPerson = receiveOnboarding(ctx.as({ actor: ANNA }), OnboardingEvent.parse(event), JSON.stringify(event))
    await expect(byPerson).rejects.toMatchObject({ token: 'FORBIDDEN' })
  })

  it.each([
    [{ type: 'account.deleted' }, 'type', /account\.created, onboarding\.completed/],
    [{ specversion: '0.3' }, 'specversion', /1\.0/],
    [{ time: 'yesterday' }, 'time', /./],
    [{ id: '' }, 'id', /./],
  ])('is not understood with %j', (over, path, message) => {
    const parsed = OnboardingEvent.safeParse(cloudEvent(over))
    expect(parsed.error?.issues).toMatchObject([{ path: [path], message: expect.stringMatching(message) }])
  })
})
