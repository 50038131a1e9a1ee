import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditDomains, checkDays, checkTransitions, partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { changes, history, scorecard, tick } from '#server/services/checks'
import { KEPT_MS } from '#server/services/checks/prune-history'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { Changes, ChangesQuery, History, HistoryQuery } from '#shared/schemas/history'
import { addDomains, addTenant, canaryDns, lookingAt, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MINUTE = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

describe('the history of a domain', () => {
  let ctx: TestContext
  beforeEach(async () => {
    ctx = testContext({ dns: canaryDns(() => 'answer') })
    await addDomains(ctx, await addTenant(ctx, 'acme', { plan: 'gold' }), ['a.example', 'b.example'])
    await addDomains(ctx, await addTenant(ctx, 'beta'), ['c.example'])
  })
  afterEach(() => ctx.close())

  /** A look at a moment (ms after the test's time). */
  const look = async (after: number, cells: string, name = 'a.example', reason?: string) => {
    ctx.setNow(TEST_NOW + after)
    await storeVerdicts(ctx, (await claimDomain(ctx, `d_${name}`))!, outcomesOf(cells, reason))
  }
  const ask = (query: Record<string, unknown> = {}) =>
    history(ctx, { idOrSlug: 'acme', ...HistoryQuery.parse({ domain: 'a.example', ...query }) })
  const net = async (query: Record<string, unknown> = {}, caller = ctx as Parameters<typeof changes>[0]) =>
    Changes.parse(await changes(caller, ChangesQuery.parse({ since: iso(TEST_NOW), ...query })))

  it('tells of each change when, from what to what, with both records', async () => {
    await look(0, 'PPPPPPPP')
    await look(HOUR, 'PPPFPPPP')
    const { changes: told, nextCursor } = History.parse(await ask({ check: 'dns_mx' }))
    expect(told).toMatchObject([
      {
        ...{ at: iso(TEST_NOW + HOUR), checkId: 'dns_mx' },
        before: { status: 'pass', reason: 'pass', found: { seen: 'P' } },
        after: { status: 'fail', reason: 'fail', found: { seen: 'F' } },
      },
      { at: iso(TEST_NOW), before: null, after: { status: 'pass' } },
    ])
    expect(nextCursor).toBeNull()
  })

  it('is paged without a gap while looks go on', async () => {
    for (let n = 0; n < 9; n++) await look(n * MINUTE, n % 2 ? 'PPPFPPPP' : 'PPPPPPPP')
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: History = await ask({ limit: 3, check: 'dns_mx', ...(cursor && { cursor }) })
      seen.push(...page.changes.map(({ at }) => at))
      cursor = page.nextCursor
      await look((20 + seen.length) * MINUTE, seen.length % 2 ? 'PPPFPPPP' : 'PPPPPPPP')
    } while (cursor)
    expect(seen).toEqual(Array.from({ length: 9 }, (_, n) => iso(TEST_NOW + (8 - n) * MINUTE)))
    await expect(ask({ cursor: 'nonsense' })).rejects.toMatchObject({ token: 'VALIDATION' })
  })

  it('knows since when a check fails, through any number of unknowns', async () => {
    await look(0, 'PPPPPPPP')
    await look(HOUR, 'PPPFPPPP')
    for (const minutes of [70, 80]) await look(minutes * MINUTE, 'PPP?PPPP')
    const unknown = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(unknown.checks[3]).toMatchObject({ since: iso(TEST_NOW + 70 * MINUTE), knownSince: iso(TEST_NOW + HOUR) })
    await look(90 * MINUTE, 'PPPFPPPP')
    const card = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(card.checks[3]).toMatchObject({ since: iso(TEST_NOW + 90 * MINUTE), knownSince: iso(TEST_NOW + HOUR) })
    expect(card.failingSince).toBe(iso(TEST_NOW + HOUR))
    await look(100 * MINUTE, 'PPPPPPPP')
    expect((await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })).failingSince).toBeNull()
  })

  it('calls an unknown stale after three cycles, and never a failure', async () => {
    await look(0, 'PPPPPPPP')
    await look(10 * MINUTE, 'PPP?PPPP')
    const mx = async () => (await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })).checks[3]
    ctx.setNow(TEST_NOW + 40 * MINUTE - 1)
    expect(await mx()).toMatchObject({ stale: false })
    ctx.setNow(TEST_NOW + 40 * MINUTE)
    expect(await mx()).toMatchObject({ stale: true, status: 'unknown', lastKnown: { status: 'pass' } })
    const card = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(card).toMatchObject({ score: 8, max: 8, status: 'unknown' })
  })

  it('counts by the day how long a check did not pass', async () => {
    const evening = 12 * HOUR - 5 * MINUTE
    await look(evening, 'PPPWPPPP')
    await look(evening + 10 * MINUTE, 'PPPFPPPP')
    await look(evening + 20 * MINUTE, 'PPPPPPPP')
    // Nobody looked for hours: only two intervals of it are known.
    await look(evening + 30 * MINUTE, 'PP?PPPPP')
    await look(evening + 9 * HOUR, 'PPPPPPPP')
    expect((await ask()).days).toEqual([
      { day: '2026-01-15', checkId: 'dns_mx', warnSec: 300, failSec: 0, unknownSec: 0, retries: 0 },
      { day: '2026-01-16', checkId: 'cert_le', warnSec: 0, failSec: 0, unknownSec: 1_200, retries: 0 },
      { day: '2026-01-16', checkId: 'dns_mx', warnSec: 300, failSec: 600, unknownSec: 0, retries: 0 },
    ])
  })

  it('writes nothing that stays for a look that finds what the last one found', async () => {
    await look(0, 'PPPPPPPP')
    for (let n = 1; n <= 20; n++) await look(n * 10 * MINUTE, 'PPPPPPPP')
    expect(await ctx.db.select().from(checkTransitions)).toHaveLength(8)
    expect(await ctx.db.select().from(checkDays)).toHaveLength(0)
  })

  it('is kept for thirteen months, and the last change of each check for good', async () => {
    await look(0, 'PPPPPPPP')
    await look(10 * MINUTE, 'PPPFPPPP')
    await look(20 * MINUTE, 'PPPFPPPP')
    const looking = lookingAt(() => 'PPPFPPPP')
    ctx.setNow(TEST_NOW + KEPT_MS)
    await tick(ctx, looking)
    expect((await ask()).changes).toHaveLength(9)
    ctx.setNow(TEST_NOW + KEPT_MS + DAY)
    await tick(ctx, looking)
    expect((await ask()).changes.map(({ checkId, before, after }) => [checkId, before, after.status])).toContainEqual([
      'dns_mx',
      null,
      'fail',
    ])
    expect((await ask()).changes).toHaveLength(8)
    const days = await ctx.db.select().from(checkDays)
    expect(days.every(({ day }) => day * DAY > TEST_NOW)).toBe(true)
  })

  it('makes the strips of a domain that an older version looked at from its transitions', async () => {
    await look(0, 'PPPPPPPP')
    await look(2 * HOUR, 'PPPFPPPP')
    await transaction(ctx, async ({ tx }) => {
      await tx.update(auditDomains).set({ hours: '', days: '', stripAt: null })
    })
    await look(4 * HOUR, 'PPPPPPPP')
    expect((await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })).day).toBe(`${'.'.repeat(19)}PPFFP`)
  })

  it('is not found by who does not see the tenant', async () => {
    const outsider = ctx.as({ scope: ['t_beta'] })
    await expect(history(outsider, { idOrSlug: 'acme', limit: 5 })).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })

  describe('between two moments', () => {
    beforeEach(async () => {
      for (const name of ['a.example', 'b.example', 'c.example']) await look(-HOUR, 'PPPPPPPP', name)
    })

    it('shows what says something else at the end, latest first, and not what came back', async () => {
      await look(10 * MINUTE, 'PPPFPPPP')
      await look(20 * MINUTE, 'PPPWFPPP')
      await look(30 * MINUTE, 'PPPWPPPP')
      await look(40 * MINUTE, 'PPFPPPPP', 'c.example')
      expect((await net()).changes).toMatchObject([
        { domain: 'c.example', checkId: 'cert_le', from: { status: 'pass' }, to: { status: 'fail' }, steps: 1 },
        {
          ...{ tenant: { slug: 'acme' }, domain: 'a.example', checkId: 'dns_mx', at: iso(TEST_NOW + 20 * MINUTE), steps: 2 },
          ...{ from: { status: 'pass', reason: 'pass' }, to: { status: 'warn', reason: 'warn' } },
        },
      ])
      expect((await net({ until: iso(TEST_NOW + 10 * MINUTE) })).changes).toMatchObject([{ to: { status: 'fail' } }])
    })

    it('shows another reason of the same status, but neither a first look nor another record', async () => {
      await look(MINUTE, 'PPPPPPPP', 'b.example', 'another')
      await addDomains(ctx, 't_acme', ['new.example'])
      await look(2 * MINUTE, 'PPPFPPPP', 'new.example')
      const told = (await net()).changes
      expect(told).toHaveLength(8)
      expect(told[0]).toMatchObject({ domain: 'b.example', from: { status: 'pass', reason: 'pass' }, to: { reason: 'another' } })
      await look(3 * MINUTE, 'PPPPPPPP', 'new.example')
      const [latest] = (await net()).changes
      expect(latest).toMatchObject({ domain: 'new.example', from: { status: 'fail' }, to: { status: 'pass' }, steps: 2 })
    })

    it.each([
      [{ tenant: 'beta' }, ['c.example']],
      [{ plan: 'gold' }, ['b.example', 'a.example']],
      [{ q: 'b.ex' }, ['b.example']],
      [{ partner: 'lisbon' }, []],
      [{ check: 'dns_mx' }, ['c.example', 'b.example', 'a.example']],
      [{ check: 'dns_spf' }, []],
    ])('is filtered by %j', async (query, names) => {
      await transaction(ctx, async ({ tx }) => {
        await tx.insert(partners).values({ id: 'p_1', slug: 'lisbon', name: 'Lisbon', createdAt: 0 })
      })
      for (const [n, name] of ['a.example', 'b.example', 'c.example'].entries()) await look(n * MINUTE + 1, 'PPPFPPPP', name)
      expect((await net(query)).changes.map(({ domain }) => domain)).toEqual(names)
    })

    it('is paged without a gap or a repeat while looks go on', async () => {
      await look(MINUTE, 'FFFFFFFF')
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: Changes = await net({ limit: 3, ...(cursor && { cursor }) })
        seen.push(...page.changes.map(({ checkId }) => checkId))
        cursor = page.nextCursor
        await look((1 + seen.length) * MINUTE, 'FFFFFFFF', 'b.example', `reason-${seen.length}`)
      } while (cursor)
      expect(seen).toHaveLength(8)
      expect(new Set(seen).size).toBe(8)
    })

    it('shows nothing of tenants outside the scope, nor of removed domains', async () => {
      await look(MINUTE, 'PPPFPPPP')
      await look(MINUTE, 'PPPFPPPP', 'c.example')
      expect((await net({}, ctx.as({ scope: ['t_beta'] }))).changes.map(({ domain }) => domain)).toEqual(['c.example'])
      expect((await net({}, ctx.as({ scope: [] }))).changes).toEqual([])
      await transaction(ctx, async ({ tx }) => {
        await tx.update(auditDomains).set({ deletedAt: 1 })
      })
      expect((await net()).changes).toEqual([])
    })

    it.each([{ since: iso(TEST_NOW + DAY) }, { since: iso(TEST_NOW - 32 * DAY) }, { cursor: 'x' }, { cursor: '5.' }])(
      'refuses %j',
      async (query) => {
        ctx.setNow(TEST_NOW + HOUR)
        await expect(net(query)).rejects.toMatchObject({ token: 'VALIDATION' })
      },
    )
  })
})
