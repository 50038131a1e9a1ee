import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { auditDomains, auditEvents, checkDeviations, liveEvents, users } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { acceptDeviation, listDeviations, overviewAnswer, scorecard, tick, withdrawDeviation } from '#server/services/checks'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { removeDomain } from '#server/services/tenants'
import { type Matrix, type Overview, OverviewQuery } from '#shared/schemas/overview'
import { Deviation, type DeviationInput } from '#shared/schemas/deviations'
import { addDomains, addTenant, canaryDns, lookingAt, outcomesOf } from '../helpers/checks'
import { ANNA, testContext, TEST_NOW, type TestContext } from '../helpers/context'

const DAY = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()

describe('a deviation', () => {
  let ctx: TestContext
  beforeEach(async () => {
    ctx = testContext({ dns: canaryDns(() => 'answer') })
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example', 'b.example'])
    await addTenant(ctx, 'beta')
    await look('PPPFPPPP')
    await look('PPPFPPPP', undefined, 'b.example')
  })
  afterEach(() => ctx.close())

  const look = async (cells: string, reason?: string, name = 'a.example') =>
    storeVerdicts(ctx, (await claimDomain(ctx, `d_${name}`))!, outcomesOf(cells, reason))
  const accept = (over: Partial<DeviationInput> = {}, caller = ctx as Parameters<typeof acceptDeviation>[0]) =>
    acceptDeviation(caller, 'acme', {
      ...{ domain: 'A.Example.', checkId: 'dns_mx', code: 'fail', reason: 'Moves next week', until: iso(TEST_NOW + 7 * DAY) },
      ...over,
    })
  const domain = async () => (await ctx.db.select().from(auditDomains).where(eq(auditDomains.id, 'd_a.example')))[0]!
  const eventsOf = async (action: string) =>
    (await ctx.db.select().from(auditEvents).where(eq(auditEvents.action, action))).map(({ content }) => JSON.parse(content))
  const overview = async (query: Record<string, unknown> = {}) =>
    JSON.parse(String((await overviewAnswer(ctx, OverviewQuery.parse(query))).json)) as Overview

  it('leaves the score and the status, and stays visible with who, why and until when', async () => {
    await transaction(ctx, async ({ tx }) => {
      const anna = { id: ANNA.id, issuer: 'i', subject: 's', name: 'Anna Lima', role: 'master' as const, createdAt: 0 }
      await tx.insert(users).values(anna)
    })
    const made = Deviation.parse(await accept())
    expect(made).toMatchObject({
      ...{ domain: 'a.example', checkId: 'dns_mx', status: 'fail', code: 'fail', reason: 'Moves next week', holds: true },
      ...{ acceptedBy: { id: ANNA.id, name: 'Anna Lima' }, acceptedAt: iso(TEST_NOW), until: iso(TEST_NOW + 7 * DAY) },
    })
    expect(await domain()).toMatchObject({ score: 7, max: 7, status: 'healthy', cells: 'PPPfPPPP' })
    const card = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(card).toMatchObject({ score: 7, max: 7, status: 'healthy', failingSince: null })
    expect(card.checks[3]).toMatchObject({ status: 'fail', deviation: made })
    expect(card.checks[2]!.deviation).toBeNull()
    expect((await listDeviations(ctx, { idOrSlug: 'acme' })).deviations).toEqual([made])
    expect((await listDeviations(ctx, { idOrSlug: 'acme', domain: 'b.example' })).deviations).toEqual([])
  })

  it('is the same in every count: tiles, filters, cards and matrix', async () => {
    await accept()
    const { totals, domains } = await overview()
    expect(totals.domains).toMatchObject({ failing: 1, healthy: 1 })
    expect(domains.find((card) => card.domain === 'a.example')).toMatchObject({ status: 'healthy', failingSince: null })
    expect(domains.find((card) => card.domain === 'a.example')!.checks[3]).toMatchObject({ status: 'fail', accepted: true })
    expect((await overview({ failing: 'dns_mx' })).domains.map((card) => card.domain)).toEqual(['b.example'])
    const matrix = (await overview({ view: 'matrix' })) as unknown as Matrix
    expect(matrix.rows.map((row) => row[3]).sort()).toEqual(['PPPFPPPP', 'PPPfPPPP'])
  })

  it('counts through looks and unknowns while the check says the same, and not when it says something else', async () => {
    await accept()
    await look('PPPFPPPP')
    expect(await domain()).toMatchObject({ max: 7, status: 'healthy' })
    await look('PPP?PPPP')
    expect(await domain()).toMatchObject({ score: 7, max: 7, status: 'unknown', cells: 'PPP?PPPP' })
    await look('PPPFPPPP', 'foreign-primary')
    expect(await domain()).toMatchObject({ score: 7, max: 8, status: 'failing', cells: 'PPPFPPPP' })
    expect((await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })).checks[3]!.deviation).toMatchObject({ holds: false })
    await look('PPPPPPPP', 'fail')
    expect(await domain()).toMatchObject({ score: 8, max: 8, status: 'healthy' })
  })

  it('ends by itself: for whoever reads first, with no look and no tick', async () => {
    await accept()
    expect((await overview()).totals.domains.failing).toBe(1)
    ctx.setNow(TEST_NOW + 7 * DAY)
    expect((await overview()).totals.domains.failing).toBe(2)
    const card = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(card).toMatchObject({ score: 7, max: 8, status: 'failing' })
    expect(card.checks[3]!.deviation).toBeNull()
    const [event] = await eventsOf('deviation.expired')
    expect(event).toMatchObject({ actor: { id: 'system' }, data: { domain: 'a.example', checkId: 'dns_mx', code: 'fail' } })
    expect(await ctx.db.select().from(checkDeviations)).toMatchObject([{ endedAt: TEST_NOW + 7 * DAY }])
  })

  it('ends with a tick too, is told live, and ends once however many processes tick', async () => {
    await accept()
    ctx.setNow(TEST_NOW + 7 * DAY)
    const database = openDatabase(ctx.config.databaseFile)
    const other = { ...ctx, database, db: database.read }
    const looking = lookingAt(() => 'PPPFPPPP')
    await Promise.all([tick(ctx, looking), tick(other, looking)])
    await Promise.all([overview(), overviewAnswer(other, OverviewQuery.parse({}))])
    await database.close()
    expect(await eventsOf('deviation.expired')).toHaveLength(1)
    expect(await domain()).toMatchObject({ status: 'failing', max: 8 })
    const told = (await ctx.db.select().from(liveEvents)).map(({ data }) => JSON.parse(data).summary)
    expect(told.filter((summary) => summary?.domain === 'a.example').at(-1)).toMatchObject({ status: 'failing' })
  })

  it('of a domain that was removed ends quietly', async () => {
    await accept()
    await removeDomain(ctx, 'acme', 'a.example')
    ctx.setNow(TEST_NOW + 8 * DAY)
    expect((await overview()).totals.domains).toMatchObject({ all: 1, failing: 1 })
    expect(await eventsOf('deviation.expired')).toHaveLength(1)
  })

  it('can be taken back, once', async () => {
    const { id } = await accept()
    await withdrawDeviation(ctx, { idOrSlug: 'acme', id })
    expect(await domain()).toMatchObject({ score: 7, max: 8, status: 'failing', cells: 'PPPFPPPP' })
    await expect(withdrawDeviation(ctx, { idOrSlug: 'acme', id })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect((await eventsOf('deviation.withdrawn')).map(({ data }) => data.deviationId)).toEqual([id])
  })

  it('is replaced only by who names it', async () => {
    const first = await accept()
    const later = { until: iso(TEST_NOW + 9 * DAY), reason: 'The move is late' }
    await expect(accept(later)).rejects.toMatchObject({ token: 'CONFLICT', details: { current: first } })
    const second = await accept({ ...later, replaces: first.id })
    expect(second).toMatchObject({ reason: 'The move is late', until: later.until, holds: true })
    await expect(accept({ ...later, replaces: first.id })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect((await listDeviations(ctx, { idOrSlug: 'acme' })).deviations).toHaveLength(1)
    expect((await eventsOf('deviation.accepted')).at(-1).data).toMatchObject({ deviationId: second.id, replaces: first.id })
  })

  it('of two who accept at once is that of one', async () => {
    const both = await Promise.allSettled([accept(), accept({ reason: 'Me too' })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await eventsOf('deviation.accepted')).toHaveLength(1)
  })

  it('leaves its event, without the words of who accepted it: they may name people', async () => {
    await accept({ reason: 'Asked by Joana Silva' })
    const [event] = await eventsOf('deviation.accepted')
    expect(event).toMatchObject({
      ...{ actor: { id: ANNA.id }, resource: { type: 'domain', id: 'd_a.example' } },
      data: { domain: 'a.example', checkId: 'dns_mx', status: 'fail', code: 'fail', until: iso(TEST_NOW + 7 * DAY) },
    })
    expect(JSON.stringify(event)).not.toContain('Joana')
  })

  it.each<[string, Partial<DeviationInput>, string]>([
    ['an end that is over', { until: iso(TEST_NOW) }, 'VALIDATION'],
    ['an end more than a year ahead', { until: iso(TEST_NOW + 367 * DAY) }, 'VALIDATION'],
    ['a reason that the check does not give', { code: 'missing' }, 'CONFLICT'],
    ['a check that passes', { checkId: 'dns_spf', code: 'pass' }, 'CONFLICT'],
    ['a check that was never looked at', { checkId: 'mta_sts', code: 'fail' }, 'CONFLICT'],
    ['a domain that is not there', { domain: 'c.example' }, 'NOT_FOUND'],
    ['one to replace that there is not', { replaces: 'dev_none' }, 'CONFLICT'],
  ])('is refused for %s', async (_, over, token) => {
    await expect(accept(over)).rejects.toMatchObject({ token })
    expect(await ctx.db.select().from(checkDeviations)).toEqual([])
    expect(await eventsOf('deviation.accepted')).toEqual([])
  })

  it('is neither made, shown nor taken back by who does not see the tenant', async () => {
    const outsider = ctx.as({ scope: ['t_beta'] })
    await expect(accept({}, outsider)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    const { id } = await accept()
    await expect(listDeviations(outsider, { idOrSlug: 'acme' })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(withdrawDeviation(outsider, { idOrSlug: 'acme', id })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(withdrawDeviation(ctx, { idOrSlug: 'beta', id })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect(await domain()).toMatchObject({ status: 'healthy' })
  })

  it('may be for the only thing that is known: there is no score then, and nothing wrong', async () => {
    await look('--F-----')
    await accept({ checkId: 'cert_le' })
    expect(await domain()).toMatchObject({ score: null, max: null, status: 'healthy', cells: '--f-----' })
  })
})
