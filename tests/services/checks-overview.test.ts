import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { createTenant } from '#server/services/tenants'
import { overviewAnswer } from '#server/services/checks'
import { overview } from '#server/services/checks/overview'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { Matrix, Overview, OverviewQuery } from '#shared/schemas/overview'
import { addDomains, addMailHost, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const HOUR = 3_600_000
const ask = (query: Record<string, unknown> = {}) => OverviewQuery.parse(query)

describe('the overview', () => {
  let ctx: TestContext
  beforeEach(() => (ctx = testContext()))
  afterEach(() => ctx.close())

  const look = async (domain: string, cells: string, reason?: string) => {
    const claim = await claimDomain(ctx, `d_${domain}`)
    return storeVerdicts(ctx, claim!, outcomesOf(cells, reason))
  }
  const seed = async () => {
    await transaction(ctx, async ({ tx }) => {
      await tx.insert(partners).values({ id: 'p_1', slug: 'lisbon', name: 'Lisbon', createdAt: 0 })
    })
    const acme = await addTenant(ctx, 'acme', { plan: 'gold', partnerId: 'p_1' })
    const beta = await addTenant(ctx, 'beta')
    await addDomains(ctx, acme, ['a1.example', 'a2.example', 'a3.example'])
    await addDomains(ctx, beta, ['b1.example', 'b2_x.example'])
    await look('a1.example', 'PPPPPPPP')
    await look('a2.example', 'PPPFPPPP')
    await look('a3.example', 'PPP?PPPP')
    await look('b1.example', 'PPPWPPPP')
  }
  const namesOf = async (query: Record<string, unknown>, scope: TestContext['scope'] = 'all') =>
    (await overview(ctx.as({ scope }), ask(query))).domains.map(({ domain }) => domain)

  it('answers by its schema, worst first, with totals of domains and of tenants', async () => {
    await seed()
    const answer = Overview.parse(await overview(ctx, ask()))
    expect(answer.domains.map(({ domain, status }) => [domain, status])).toEqual([
      ['a2.example', 'failing'],
      ['a3.example', 'unknown'],
      ['b1.example', 'degraded'],
      ['a1.example', 'healthy'],
      ['b2_x.example', 'pending'],
    ])
    expect(answer.totals).toEqual({
      domains: { all: 5, healthy: 1, degraded: 1, failing: 1, unknown: 1, pending: 1 },
      tenants: { all: 2, healthy: 0, degraded: 1, failing: 1, unknown: 0, pending: 0 },
    })
    expect(answer.domains[0]).toMatchObject({
      ...{ score: 7, max: 8, tenant: { slug: 'acme', plan: 'gold', partner: 'lisbon' } },
      lastAuditAt: new Date(TEST_NOW).toISOString(),
    })
    expect(answer.domains[0]!.checks[3]).toEqual({ id: 'dns_mx', status: 'fail', reason: 'fail' })
    expect(answer.domains[4]!.checks[3]).toEqual({ id: 'dns_mx', status: null, reason: null })
    expect(answer.cycle).toMatchObject({ intervalSec: 600, fault: null, lastAuditAt: new Date(TEST_NOW).toISOString() })
  })

  it.each([
    [{ q: 'A1' }, ['a1.example']],
    [{ q: 'tenant BETA' }, ['b1.example', 'b2_x.example']],
    [{ q: '_' }, ['b2_x.example']],
    [{ q: '%' }, []],
    [{ status: 'degraded' }, ['b1.example']],
    [{ failing: 'dns_mx' }, ['a2.example']],
    [{ failing: 'dns_spf' }, []],
    [{ tenant: 'beta', sort: 'name' }, ['b1.example', 'b2_x.example']],
    [{ tenant: 't_beta', sort: 'name' }, ['b1.example', 'b2_x.example']],
    [{ partner: 'lisbon', sort: 'name' }, ['a1.example', 'a2.example', 'a3.example']],
    [{ plan: 'gold', status: 'healthy' }, ['a1.example']],
    [{ sort: 'score' }, ['a2.example', 'a1.example', 'a3.example', 'b1.example', 'b2_x.example']],
  ])('filters and sorts by %j', async (query, names) => {
    await seed()
    expect(await namesOf(query)).toEqual(names)
    const { totals } = await overview(ctx, ask({ ...query, limit: 1 }))
    expect(totals.domains.all).toBe(names.length)
  })

  it('shows what changed last first', async () => {
    await seed()
    ctx.setNow(TEST_NOW + HOUR)
    await look('a1.example', 'FPPPPPPP')
    expect((await namesOf({ sort: 'changed' }))[0]).toBe('a1.example')
  })

  it('shows, counts and joins nothing of tenants outside the scope', async () => {
    await seed()
    const scope = ['t_beta']
    const answer = await overview(ctx.as({ scope }), ask({ sort: 'name' }))
    expect(answer.domains.map(({ domain }) => domain)).toEqual(['b1.example', 'b2_x.example'])
    expect(answer.totals.domains).toMatchObject({ all: 2, failing: 0 })
    expect(answer.totals.tenants.all).toBe(1)
    const empty = await overview(ctx.as({ scope: [] }), ask())
    expect(empty).toMatchObject({ domains: [], totals: { domains: { all: 0 } }, cycle: { lastAuditAt: null, nextDueAt: null } })
    const matrix = Matrix.parse(JSON.parse(String((await overviewAnswer(ctx.as({ scope }), ask({ view: 'matrix' }))).json)))
    expect(matrix.rows.map(([, tenant]) => tenant)).toEqual(['beta', 'beta'])
    const all = Matrix.parse(JSON.parse(String((await overviewAnswer(ctx, ask({ view: 'matrix' }))).json)))
    expect(all.rows[0]).toEqual(['d_a2.example', 'acme', 'a2.example', 'PPPFPPPP'])
    expect(all.rows).toHaveLength(5)
  })

  it.each(['worst', 'name', 'score', 'changed'])('pages by %s without a gap or a repeat while rows come and go', async (sort) => {
    const tenantId = await addTenant(ctx, 'acme')
    const names = Array.from({ length: 30 }, (_, i) => `n${String(i).padStart(2, '0')}.example`)
    await addDomains(ctx, tenantId, names)
    for (const [i, name] of names.entries()) {
      ctx.setNow(TEST_NOW + (i % 5) * HOUR)
      await look(name, ['PPPPPPPP', 'PPPFPPPP', 'PPPWFPPP', '--------'][i % 4]!)
    }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Overview = await overview(ctx, ask({ sort, limit: 7, ...(cursor && { cursor }) }))
      seen.push(...page.domains.map(({ domain }) => domain))
      cursor = page.nextCursor
      await addDomains(ctx, tenantId, [`aa${seen.length}.example`, `zz${seen.length}.example`])
    } while (cursor)
    expect(seen.filter((name) => name.startsWith('n')).sort()).toEqual(names)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('refuses a cursor of another order, or one that is none', async () => {
    await seed()
    const { nextCursor } = await overview(ctx, ask({ sort: 'name', limit: 2 }))
    await expect(overview(ctx, ask({ sort: 'score', cursor: nextCursor }))).rejects.toMatchObject({ token: 'VALIDATION' })
    await expect(overview(ctx, ask({ cursor: 'nonsense' }))).rejects.toMatchObject({ token: 'VALIDATION' })
  })

  describe('an incident', () => {
    const names = ['x1.example', 'x2.example', 'x3.example', 'x4.example']
    let host: string
    beforeEach(async () => {
      host = await addMailHost(ctx, 'lisbon')
      await addDomains(ctx, await addTenant(ctx, 'acme'), names, { mailHostId: host })
    })
    const lookAll = async (domains: string[], cells: string, reason: string) => {
      for (const domain of domains) await look(domain, cells, reason)
    }
    const incidents = async () => (await overview(ctx, ask())).incidents

    it('is one trouble of a mail host that three of its domains have', async () => {
      await addDomains(ctx, await addTenant(ctx, 'other'), ['y1.example', 'y2.example', 'y3.example'])
      await lookAll(['y1.example', 'y2.example', 'y3.example'], 'FPPPPPPP', 'host-down')
      await lookAll(names.slice(0, 2), 'FPPPPPPP', 'host-down')
      expect(await incidents()).toEqual([])
      await look(names[2]!, 'FPPPPPPP', 'host-down')
      expect(await incidents()).toMatchObject([
        {
          ...{ mailHost: { id: host, name: 'lisbon' }, checkId: 'carbonio', status: 'fail', reason: 'host-down', domains: 3 },
          since: new Date(TEST_NOW).toISOString(),
        },
      ])
      expect((await overview(ctx.as({ scope: ['t_other'] }), ask())).incidents).toEqual([])
    })

    it.each([
      ['its own certificate', 'PPFPPPPP', 'expired'],
      ['its own SPF record', 'PPPPFPPP', 'too-permissive'],
      ['its own virtual host', 'PFPPPPPP', 'default-vhost'],
      ['its own place on the mail host', 'FPPPPPPP', 'domain-missing'],
      ['a reason of another check', 'PPPFPPPP', 'host-down'],
    ])('is nothing that a domain has by itself: %s', async (_, cells, reason) => {
      await lookAll(names, cells, reason)
      expect(await incidents()).toEqual([])
    })

    it('is told once for a host: by what hits most domains, but first by the word of the host itself', async () => {
      await lookAll(names, 'PPPPPPPF', 'no-answer')
      await lookAll(names.slice(0, 3), 'PFPPPPPF', 'no-answer')
      expect(await incidents()).toMatchObject([{ checkId: 'webmail_http', domains: 4 }])
      // Every check of these fails with the same code: only those of the host's own count.
      await lookAll(names.slice(0, 3), 'FFFFFFFF', 'host-unreachable')
      expect(await incidents()).toMatchObject([{ checkId: 'carbonio', domains: 3 }])
    })

    it('may hide how the domains stand, and leads to all domains of its host', async () => {
      await addDomains(ctx, 't_acme', ['elsewhere.example'])
      await lookAll(names, '?PPPPPPP', 'admin-unavailable')
      expect(await incidents()).toMatchObject([{ status: 'unknown', domains: 4 }])
      expect(await namesOf({ mailHost: host, sort: 'name' })).toEqual(names)
      expect(await namesOf({ mailHost: 'h_none' })).toEqual([])
      await look(names[1]!, 'FPPPPPPP', 'host-down')
      expect(await namesOf({ mailHost: host, failing: 'carbonio' })).toEqual([names[1]])
      const matrix = JSON.parse(String((await overviewAnswer(ctx, ask({ view: 'matrix', mailHost: host }))).json)) as Matrix
      expect(matrix.rows).toHaveLength(4)
    })
  })

  it('draws the last 24 hours from the history', async () => {
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example'])
    await look('a.example', 'PPPPPPPP')
    ctx.setNow(TEST_NOW + 2 * HOUR)
    await look('a.example', 'FPPPPPPP')
    ctx.setNow(TEST_NOW + 3 * HOUR)
    await look('a.example', 'PPPPPPPP')
    const [card] = (await overview(ctx, ask())).domains
    expect(card!.day).toBe('....................PPFP')
  })

  it('keeps a prepared answer for a moment while looks come in, but shows at once what people change', async () => {
    await seed()
    const first = await overviewAnswer(ctx, ask())
    expect((await overviewAnswer(ctx, ask())).etag).toBe(first.etag)
    await look('a1.example', 'FPPPPPPP')
    ctx.setNow(TEST_NOW + 999)
    expect((await overviewAnswer(ctx, ask())).etag).toBe(first.etag)
    ctx.setNow(TEST_NOW + 1_500)
    const second = await overviewAnswer(ctx, ask())
    expect(second.etag).not.toBe(first.etag)
    const { id } = await createTenant(ctx, { slug: 'gamma', name: 'Gamma' })
    await addDomains(ctx, id, ['g.example'])
    const third = JSON.parse(String((await overviewAnswer(ctx, ask())).json)) as Overview
    expect(third.totals.domains.all).toBe(6)
  })
})
