import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TenantsQuery } from '#shared/schemas/tenants'
import { auditDomains } from '#drizzle/schema/sqlite'
import { eq } from 'drizzle-orm'
import {
  addDomain,
  createPartner,
  createTenant,
  getTenant,
  listPartners,
  listTenants,
  updateTenant,
} from '#server/services/tenants'
import { auditTrail, recordedActions } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'
import { domainInput } from '../helpers/tenants'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const query = (over: Record<string, unknown> = {}) => TenantsQuery.parse(over)

describe('creating a tenant', () => {
  it('gives the tenant with its id, and writes its event', async () => {
    const tenant = await createTenant(ctx, { slug: 'aurora', name: 'Aurora Hotels', plan: 'pro' })
    expect(tenant).toMatchObject({
      slug: 'aurora',
      name: 'Aurora Hotels',
      plan: 'pro',
      partner: null,
      status: 'pending',
      domains: 0,
      version: 1,
    })
    expect(tenant.id).toMatch(/^t_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(await auditTrail(ctx)).toMatchObject([
      {
        action: 'tenant.created',
        actorId: 'u_anna',
        resourceId: tenant.id,
        tenantId: tenant.id,
        data: { slug: 'aurora', name: 'Aurora Hotels', plan: 'pro', source: 'manual' },
      },
    ])
  })

  it('refuses a slug that is taken, and leaves neither row nor event', async () => {
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    await expect(createTenant(ctx, { slug: 'aurora', name: 'Another' })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect((await listTenants(ctx, query())).total).toBe(1)
    expect(await recordedActions(ctx)).toEqual(['tenant.created'])
  })

  it('refuses a partner that is not there', async () => {
    const refused = createTenant(ctx, { slug: 'aurora', name: 'Aurora', partnerId: 'p_none' })
    await expect(refused).rejects.toMatchObject({ token: 'VALIDATION', issues: [{ path: 'partnerId' }] })
    expect(await recordedActions(ctx)).toEqual([])
  })

  it('is not for a caller who sees only some tenants', async () => {
    await expect(createTenant(ctx.as({ scope: [] }), { slug: 'aurora', name: 'Aurora' })).rejects.toMatchObject({
      token: 'FORBIDDEN',
    })
  })

  it('stands under its partner, also in the log', async () => {
    const partner = await createPartner(ctx, { slug: 'norte', name: 'Norte Digital' })
    const tenant = await createTenant(ctx, { slug: 'aurora', name: 'Aurora', partnerId: partner.id })
    expect(tenant.partner).toEqual({ id: partner.id, slug: 'norte', name: 'Norte Digital' })
    expect((await auditTrail(ctx)).map((event) => event.partnerId)).toEqual([partner.id, partner.id])
  })
})

describe('changing a tenant', () => {
  it('changes what is given, leaves the rest, and tells before and after', async () => {
    const { id } = await createTenant(ctx, { slug: 'aurora', name: 'Aurora', plan: 'pro' })
    const changed = await updateTenant(ctx, 'aurora', { version: 1, name: 'Aurora Hotels' })
    expect(changed).toMatchObject({ id, name: 'Aurora Hotels', plan: 'pro', version: 2 })
    expect((await auditTrail(ctx))[1]).toMatchObject({
      action: 'tenant.updated',
      tenantId: id,
      data: { 'name.before': 'Aurora', 'name.after': 'Aurora Hotels' },
    })
  })

  it('empties what is given as null', async () => {
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora', plan: 'pro' })
    expect(await updateTenant(ctx, 'aurora', { version: 1, plan: null })).toMatchObject({ plan: null, version: 2 })
  })

  it('refuses a stale version with the tenant as it stands', async () => {
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    await updateTenant(ctx, 'aurora', { version: 1, name: 'Second' })
    await expect(updateTenant(ctx, 'aurora', { version: 1, name: 'Third' })).rejects.toMatchObject({
      token: 'STALE_VERSION',
      details: { current: { name: 'Second', version: 2 } },
    })
    expect(await recordedActions(ctx)).toEqual(['tenant.created', 'tenant.updated'])
  })

  it('writes no event and no version when nothing differs', async () => {
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    expect(await updateTenant(ctx, 'aurora', { version: 1, name: 'Aurora' })).toMatchObject({ version: 1 })
    expect(await recordedActions(ctx)).toEqual(['tenant.created'])
  })

  it('finds nothing outside the scope', async () => {
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    const outside = updateTenant(ctx.as({ scope: ['t_other'] }), 'aurora', { version: 1, name: 'X' })
    await expect(outside).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})

describe('partners', () => {
  it('are made once for a slug, each with its event', async () => {
    const partner = await createPartner(ctx, { slug: 'norte', name: 'Norte Digital' })
    await expect(createPartner(ctx, { slug: 'norte', name: 'Other' })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await listPartners(ctx)).toEqual([partner])
    expect(await auditTrail(ctx)).toMatchObject([{ action: 'partner.created', resourceId: partner.id, partnerId: partner.id }])
  })

  it('are seen by those who see a tenant of theirs', async () => {
    const [norte, sul] = [
      await createPartner(ctx, { slug: 'norte', name: 'Norte' }),
      await createPartner(ctx, { slug: 'sul', name: 'Sul' }),
    ]
    const tenant = await createTenant(ctx, { slug: 'aurora', name: 'Aurora', partnerId: sul.id })
    expect(await listPartners(ctx)).toEqual([norte, sul])
    expect(await listPartners(ctx.as({ scope: [tenant.id] }))).toEqual([sul])
    expect(await listPartners(ctx.as({ scope: [] }))).toEqual([])
    await expect(createPartner(ctx.as({ scope: [tenant.id] }), { slug: 'x', name: 'X' })).rejects.toMatchObject({
      token: 'FORBIDDEN',
    })
  })
})

describe('the list of tenants', () => {
  async function threeTenants() {
    const made: { id: string }[] = []
    for (const [slug, name] of [
      ['b', 'Boreal'],
      ['a', 'aurora'],
      ['c', 'Cedro 100%'],
    ] as const)
      made.push(await createTenant(ctx, { slug, name }))
    return made as [{ id: string }, { id: string }, { id: string }]
  }
  const setStatus = (domain: string, status: 'failing' | 'healthy' | 'degraded') =>
    ctx.database.write(async (tx) => void (await tx.update(auditDomains).set({ status }).where(eq(auditDomains.domain, domain))))

  it('goes by name, page after page, each once', async () => {
    await threeTenants()
    const first = await listTenants(ctx, query({ limit: 2 }))
    expect(first).toMatchObject({ total: 3, tenants: [{ name: 'aurora' }, { name: 'Boreal' }] })
    const second = await listTenants(ctx, query({ limit: 2, cursor: first.nextCursor! }))
    expect(second).toMatchObject({ total: 3, tenants: [{ name: 'Cedro 100%' }], nextCursor: null })
  })

  it('refuses a cursor that is not its own', async () => {
    await expect(listTenants(ctx, query({ cursor: 'x' }))).rejects.toMatchObject({ token: 'VALIDATION' })
  })

  it('counts each tenant by the worst of its live domains', async () => {
    await threeTenants()
    for (const [tenant, domain] of [
      ['a', 'one.test'],
      ['a', 'two.test'],
      ['b', 'three.test'],
    ] as const)
      await addDomain(ctx, tenant, domainInput(domain.replace('.test', '.example.test')))
    await setStatus('one.example.test', 'healthy')
    await setStatus('two.example.test', 'failing')
    await setStatus('three.example.test', 'degraded')
    const list = await listTenants(ctx, query())
    expect(list.counts).toEqual({ healthy: 0, degraded: 1, failing: 1, unknown: 0, pending: 1 })
    expect(list.tenants.map(({ slug, status, domains }) => [slug, status, domains])).toEqual([
      ['a', 'failing', 2],
      ['b', 'degraded', 1],
      ['c', 'pending', 0],
    ])
    const failing = await listTenants(ctx, query({ status: 'failing' }))
    expect(failing).toMatchObject({ total: 1, tenants: [{ slug: 'a' }], counts: { degraded: 1 } })
  })

  it('is searched by name, slug and domain, and takes what is typed literally', async () => {
    await threeTenants()
    await addDomain(ctx, 'b', domainInput('hotel.example.test'))
    const found = async (q: string) => (await listTenants(ctx, query({ q }))).tenants.map((tenant) => tenant.slug)
    expect(await found('AUR')).toEqual(['a'])
    expect(await found('hotel')).toEqual(['b'])
    expect(await found('100%')).toEqual(['c'])
    expect(await found('%')).toEqual(['c'])
    expect(await found('_')).toEqual([])
  })

  it('holds, counts and opens only what is in scope', async () => {
    const [boreal] = await threeTenants()
    const narrow = ctx.as({ scope: [boreal.id] })
    expect(await listTenants(narrow, query())).toMatchObject({ total: 1, counts: { pending: 1 }, tenants: [{ slug: 'b' }] })
    expect(await getTenant(narrow, 'b')).toMatchObject({ id: boreal.id, domains: [] })
    await expect(getTenant(narrow, 'a')).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect(await listTenants(ctx.as({ scope: [] }), query())).toMatchObject({ total: 0, tenants: [] })
  })

  it('opens a tenant by its id or its slug', async () => {
    const [boreal] = await threeTenants()
    expect(await getTenant(ctx, boreal.id)).toEqual(await getTenant(ctx, 'b'))
  })
})
