import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#server/platform/context'
import { auditPage, mutate, type Mutation } from '#server/services/audit'
import { sequence } from '#server/services/audit/sequence'
import { AuditPage } from '#shared/schemas/audit'
import { AuditQuery } from '#shared/schemas/audit-filter'
import { addTenant } from '../helpers/checks'
import { ANNA, testContext, TEST_NOW, type TestContext } from '../helpers/context'

type Told = Mutation<void>['events'][number]
const BRUNO: Actor = {
  type: 'user',
  id: 'u_bruno',
  role: 'employee',
  name: 'Bruno',
  email: 'Bruno@example.org',
  ip: '2001:db8::7',
}

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const write = (...events: Told[]) => mutate(ctx, 'domain.added', async () => ({ value: undefined, events }))
const event = (id: string, rest: Partial<Told> = {}): Told => ({ resource: { type: 'domain', id }, ...rest })
const at = (externalId: string, ms: number) => ({ source: 'authentik', externalId, at: TEST_NOW + ms })

const ask = (query: Record<string, unknown> = {}, as: { actor?: Actor; scope?: TestContext['scope'] } = {}) =>
  auditPage(ctx.as(as), AuditQuery.parse(query))
const idsOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).events.map(({ resourceId }) => resourceId)

/** Every page from the newest on, and how many there were. */
async function walk(query: Record<string, unknown>): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = []
  let pages = 0
  for (let before: string | undefined; ; pages++) {
    const page = await ask({ ...query, before })
    ids.push(...page.events.map(({ resourceId }) => resourceId))
    if (page.nextCursor === null) return { ids, pages: pages + 1 }
    before = page.nextCursor
  }
}

describe('a page of the audit log', () => {
  it('tells an event whole, with its place once it has one', async () => {
    const tenantId = await addTenant(ctx, 'acme')
    await write(event('d_1', { tenantId, data: { domain: 'acme.example' } }))
    expect((await ask({ action: 'domain.added' })).events[0]).toMatchObject({ log: null, index: null, hash: null })
    await sequence(ctx)
    const page = AuditPage.parse(await ask({ action: 'domain.added' }))
    expect(page).toMatchObject({ nextCursor: null, searchedBackTo: null })
    expect(page.events).toEqual([
      expect.objectContaining({
        ...{ action: 'domain.added', category: 'mail', severity: 'low', outcome: 'success', source: 'vigia', externalId: null },
        ...{ at: new Date(TEST_NOW).toISOString(), receivedAt: new Date(TEST_NOW).toISOString() },
        ...{ actorType: 'user', actorId: 'u_anna', personal: 'shown', actorName: 'Anna Lima', actorEmail: 'anna@example.org' },
        ...{
          actorIp: '192.0.2.7',
          actorUserAgent: null,
          resourceType: 'domain',
          resourceId: 'd_1',
          resourceName: 'acme.example',
        },
        ...{ tenantId, tenantSlug: 'acme', partnerId: null, partnerSlug: null, log: 'platform', index: expect.any(Number) },
        ...{ prevHash: expect.stringMatching(/^[0-9a-f]{64}$/), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      }),
    ])
    expect(page.events[0]!.metadata).toMatchObject({ domain: 'acme.example' })
  })

  it('says erased where a person was erased, and never recorded where there was none', async () => {
    await write(event('d_1'), event('d_2', { actor: { type: 'system', id: 'system', role: 'master' } }))
    await mutate(ctx, 'privacy.erased', async () => ({
      value: undefined,
      events: [{ resource: { type: 'subject', id: 'u_anna' }, actor: { type: 'system', id: 'system', role: 'master' } }],
    }))
    ctx.database.raw.exec(
      `delete from audit_personal where subject_id = 'u_anna'; delete from audit_subjects where id = 'u_anna'`,
    )
    const { events } = await ask({ action: 'domain.*' })
    expect(events.map(({ resourceId, personal, actorEmail }) => [resourceId, personal, actorEmail])).toEqual([
      ['d_2', 'none', null],
      ['d_1', 'erased', null],
    ])
    expect(await idsOf({ actor: 'anna@' })).toEqual([])
  })

  it('sorts by what the source claims, and goes on where it ended though events come in meanwhile', async () => {
    await write(
      ...[1, 2, 3, 4, 5].map((n) => event(`d_${n}`, { origin: at(`x${n}`, n) })),
      event('late', { origin: at('late', 3) }),
    )
    const first = await ask({ limit: 2 })
    expect(first.events.map(({ resourceId }) => resourceId)).toEqual(['d_5', 'd_4'])
    expect(first.searchedBackTo).toBe(new Date(TEST_NOW + 4).toISOString())
    await write(event('newer', { origin: at('newer', 9) }))
    expect(await idsOf({ limit: 3, before: first.nextCursor })).toEqual(['late', 'd_3', 'd_2'])
    expect((await walk({ limit: 1 })).ids).toEqual(['newer', 'd_5', 'd_4', 'late', 'd_3', 'd_2', 'd_1'])
  })

  it('looks at a bounded number of events, and says how far it came', async () => {
    const count = 2_600
    await write(event('needle', { origin: at('needle', -count - 1), outcome: 'failure' }))
    for (let first = 0; first < count; first += 650)
      await write(...Array.from({ length: 650 }, (_, n) => event(`d_${first + n}`, { origin: at(`x${first + n}`, -first - n) })))
    expect(await idsOf({ outcome: 'failure' })).toEqual(['needle'])
    expect(await walk({ outcome: 'failure', limit: 1 })).toEqual({ ids: ['needle'], pages: 1 })
    const { ids } = await walk({ outcome: 'success', limit: 500 })
    expect(new Set(ids).size).toBe(count)
  }, 30_000)

  it('refuses a cursor that is none, and a tenant that is not there', async () => {
    await expect(ask({ before: 'nonsense' })).rejects.toMatchObject({ token: 'VALIDATION', issues: [{ path: 'query.before' }] })
    await expect(ask({ tenantSlug: 'none' })).rejects.toMatchObject({ issues: [{ path: 'query.tenantSlug' }] })
  })

  it('fails where the store cannot answer, never with an empty page', async () => {
    ctx.database.raw.exec('drop table audit_leaves')
    await write(event('d_1')).catch(() => {})
    ctx.database.raw.exec('drop table audit_unsequenced; drop table audit_events')
    await expect(ask()).rejects.toThrow()
  })
})

describe('a filter of the audit log', () => {
  beforeEach(async () => {
    const acme = await addTenant(ctx, 'acme')
    await write(
      event('d_1', { tenantId: acme, data: { domain: 'acme.example', requestId: 'r_1' }, partnerId: 'p_x' }),
      event('d_2', { action: 'domain.removed', outcome: 'failure' }),
      event('d_3', { actor: BRUNO, origin: at('x3', -5_000) }),
      event('h_1', { action: 'mail_host.created', resource: { type: 'mail_host', id: 'h_1' } }),
      event('s_1', { actor: { type: 'system', id: 'system', role: 'master' } }),
    )
    ctx.database.raw.exec(`insert into partners (id, slug, name, created_at) values ('p_x', 'norte', 'Norte', 0)`)
  })
  const since = new Date(TEST_NOW - 5_000).toISOString()
  const until = new Date(TEST_NOW).toISOString()

  it.each([
    [{ since, until }, ['d_3']],
    [{ until: since }, []],
    [{ action: 'domain.removed' }, ['d_2']],
    [{ action: 'domain.*,mail_host.created' }, ['s_1', 'h_1', 'd_2', 'd_1', 'd_3']],
    [{ action: 'mail_host.*' }, ['h_1']],
    [{ action: 'mail.*' }, []],
    [{ category: 'configuration' }, ['h_1']],
    [{ severity: 'medium', resourceType: 'domain' }, ['d_2']],
    [{ outcome: 'failure,partial' }, ['d_2']],
    [{ source: 'authentik' }, ['d_3']],
    [{ externalId: 'x3' }, ['d_3']],
    [{ actor: 'bruno@' }, ['d_3']],
    [{ actor: 'BRU' }, ['d_3']],
    [{ actor: 'u_bruno' }, ['d_3']],
    [{ actor: 'runo' }, []],
    [{ actorId: 'u_bruno' }, ['d_3']],
    [{ actorId: 'u_bruno', actor: 'anna' }, []],
    [{ actorEmail: 'bruno@EXAMPLE.org' }, ['d_3']],
    [{ actorEmail: 'bruno@' }, []],
    [{ actorType: 'system', action: 'domain.*' }, ['s_1']],
    [{ ip: '2001:db8::7' }, ['d_3']],
    [{ ip: '192.0.2.8' }, []],
    [{ ip: '192.0.2.7', outcome: 'failure' }, ['d_2']],
    [{ resourceType: 'mail_host' }, ['h_1']],
    [{ resourceId: 'd_2' }, ['d_2']],
    [{ tenantSlug: 'acme', action: 'domain.*' }, ['d_1']],
    [{ partnerSlug: 'norte' }, ['d_1']],
    [{ partnerSlug: 'norte', actor: 'u_bruno' }, []],
  ])('%j', async (query, expected) => {
    const ids = await idsOf(query)
    expect(ids).toEqual(expected)
  })
})

describe('a filter of a kind that is rare', () => {
  const HOUR = 3_600_000
  const YEAR = 8_760 * HOUR
  const failure = (id: string, ms: number) => event(id, { outcome: 'failure', origin: at(id, ms) })
  const success = (id: string, ms: number) => event(id, { origin: at(id, ms) })

  it('finds each event, whatever lies between them, with and without a place', async () => {
    await write(
      ...[failure('f_now', 0), success('s_now', -1), failure('f_hour', -HOUR), failure('f_before', -HOUR - 1)],
      ...[success('s_year', -YEAR), failure('f_years', -3 * YEAR), success('s_years', -4 * YEAR), failure('f_far', -30 * YEAR)],
      ...[failure('f_1601', Date.UTC(1601, 0, 1) - TEST_NOW), failure('f_9999', Date.UTC(9999, 0, 1) - TEST_NOW)],
    )
    await sequence(ctx)
    await write(failure('w_now', -2), success('w_success', -3), failure('w_years', -2 * YEAR), failure('w_later', 5 * HOUR))
    const all = ['f_9999', 'w_later', 'f_now', 'w_now', 'f_hour', 'f_before', 'w_years', 'f_years', 'f_far', 'f_1601']
    expect(await idsOf({ outcome: 'failure' })).toEqual(all)
    expect((await walk({ outcome: 'failure', limit: 1 })).ids).toEqual(all)
    expect(await idsOf({ outcome: 'failure', category: 'flags' })).toEqual([])
    await sequence(ctx)
    expect(await idsOf({ outcome: 'failure' })).toEqual(all)
  })
})

describe('what a caller sees of the audit log', () => {
  beforeEach(() =>
    write(event('d_1', { tenantId: 't_1' }), event('d_2', { tenantId: 't_2', actor: BRUNO }), event('d_3', { actor: BRUNO })),
  )

  it('is all for master, what a narrowed scope holds, and for everybody else their own actions', async () => {
    expect(await idsOf()).toEqual(['d_3', 'd_2', 'd_1'])
    expect(await idsOf({}, { actor: ANNA, scope: ['t_1'] })).toEqual(['d_1'])
    expect(await idsOf({}, { actor: BRUNO })).toEqual(['d_3', 'd_2'])
    expect(await idsOf({}, { actor: BRUNO, scope: ['t_2'] })).toEqual(['d_2'])
    expect(await idsOf({ actor: 'u_anna' }, { actor: BRUNO })).toEqual([])
    expect(await idsOf({ ip: '192.0.2.7' }, { actor: BRUNO })).toEqual([])
    expect(await idsOf({}, { actor: ANNA, scope: [] })).toEqual([])
  })

  it('names no partner and no tenant outside of the scope', async () => {
    ctx.database.raw.exec(`insert into partners (id, slug, name, created_at) values ('p_x', 'norte', 'Norte', 0)`)
    const acme = await addTenant(ctx, 'acme')
    ctx.database.raw.exec(`update tenants set partner_id = 'p_x' where id = '${acme}'`)
    for (const filter of [{ partnerSlug: 'norte' }, { tenantSlug: 'acme' }]) {
      expect(await idsOf(filter, { actor: ANNA, scope: [acme] })).toEqual([])
      await expect(idsOf(filter, { actor: ANNA, scope: ['t_1'] })).rejects.toMatchObject({ token: 'VALIDATION' })
    }
  })
})
