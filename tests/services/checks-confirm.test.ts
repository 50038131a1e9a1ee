import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditChecks, auditDomains, auditEvents, checkDays, checkTransitions } from '#drizzle/schema/sqlite'
import { requestRun, scorecard, stopChecks, tick } from '#server/services/checks'
import type { Looking } from '#server/services/checks/look'
import { machineOf } from '#server/services/checks/machine'
import { addDomains, addTenant, canaryDns, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const INTERVAL = 600_000

describe('a verdict that would turn', () => {
  let ctx: TestContext
  let fresh: number
  beforeEach(async () => {
    const client = canaryDns(() => 'answer')
    fresh = 0
    ctx = testContext({ dns: Object.assign(client, { fresh: () => (fresh++, client) }) })
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example'])
  })
  afterEach(async () => {
    await stopChecks(ctx)
    await ctx.close()
  })

  /** What each look was asked for: nothing for all eight. */
  let asked: (readonly string[] | undefined)[]
  /** A tick in the next cycle; the second look sees `second`. */
  const cycle = async (first: string, second = first) => {
    asked = []
    ctx.setNow(ctx.now() + INTERVAL)
    await tick(ctx, lookingTwice(first, second))
  }
  const lookingTwice = (first: string, second: string): Looking => ({
    run: async (_, __, { only, onResult }) => {
      asked.push(only)
      const seen = outcomesOf(only ? second : first).filter(({ checkId }) => !only || only.includes(checkId))
      for (const outcome of seen) onResult?.(outcome)
      return seen
    },
    targets: async (_, ids) => new Map(ids.map((id) => [id, { domain: 'a.example' } as never])),
  })
  const cells = async () => (await ctx.db.select().from(auditDomains))[0]!.cells
  const mx = async () => (await ctx.db.select().from(auditChecks).where(eq(auditChecks.checkId, 'dns_mx')))[0]!
  const changed = async () => ctx.db.select().from(auditEvents).where(eq(auditEvents.action, 'check.changed'))

  it.each([
    ['a failure that a second look confirms', 'PPPPPPPP', ['PPPFPPPP', 'PPPFPPPP'], 'PPPFPPPP'],
    ['no failure that it does not', 'PPPPPPPP', ['PPPFPPPP', 'PPPPPPPP'], 'PPPPPPPP'],
    ['no failure when it sees nothing', 'PPPPPPPP', ['PPPFPPPP', 'PPP?PPPP'], 'PPP?PPPP'],
    ['a recovery that it confirms', 'PPPFPPPP', ['PPPPPPPP', 'PPPPPPPP'], 'PPPPPPPP'],
    ['no recovery that it does not', 'PPPFPPPP', ['PPPPPPPP', 'PPPFPPPP'], 'PPPFPPPP'],
    ['what both have seen at least, when they differ', 'PPPPPPPP', ['PPPFPPPP', 'PPPWPPPP'], 'PPPWPPPP'],
    ['the same whichever of the two was worse', 'PPPPPPPP', ['PPPWPPPP', 'PPPFPPPP'], 'PPPWPPPP'],
    [
      'what was known before an unknown, as the one to confirm against',
      'PPPFPPPP ????????',
      ['PPPPPPPP', 'PPPFPPPP'],
      'PPPFPPPP',
    ],
  ])('becomes %s', async (_, before, [first, second], after) => {
    for (const known of before.split(' ')) await cycle(known)
    await cycle(first!, second)
    expect(asked).toEqual([undefined, ['dns_mx']])
    expect(await cells()).toBe(after)
  })

  it('is looked at again without any cache, two to five seconds later, and nothing else is', async () => {
    await cycle('PPPPPPPP')
    expect([asked, ctx.pauses]).toEqual([[undefined], []])
    const before = fresh
    await cycle('PPFFPPPP')
    expect(asked).toEqual([undefined, ['cert_le', 'dns_mx']])
    // One of them is the canary's.
    expect(fresh - before).toBe(2)
    expect(ctx.pauses).toHaveLength(1)
    expect(ctx.pauses[0]).toBeGreaterThanOrEqual(2_000)
    expect(ctx.pauses[0]).toBeLessThanOrEqual(5_000)
  })

  it.each([
    ['the first look of all', [], 'FFFFFFFF'],
    ['the same verdict', ['PPPFPPPP'], 'PPPFPPPP'],
    ['unknown, and the known verdict after it', ['PPPFPPPP', '????????'], 'PPPFPPPP'],
    ['skipped, which settings decide', ['PPPPPPPP'], '-PPPPPPP'],
  ])('needs no second look for %s', async (_, before, last) => {
    for (const known of [...before, last]) await cycle(known)
    expect(asked).toEqual([undefined])
    expect(await cells()).toBe(last)
  })

  it('that did not turn leaves a mark, no event and no history', async () => {
    await cycle('PPPPPPPP')
    await cycle('PPPFPPPP', 'PPPPPPPP')
    expect(await changed()).toEqual([])
    expect(await ctx.db.select().from(checkTransitions)).toHaveLength(8)
    const card = await scorecard(ctx, { idOrSlug: 'acme' })
    expect(card.checks[3]).toMatchObject({ status: 'pass', retried: true, retriedAt: new Date(ctx.now()).toISOString() })
    expect(card.checks[2]).toMatchObject({ retried: false, retriedAt: null })
    const retriedAt = ctx.now()
    await cycle('PPPPPPPP')
    expect((await scorecard(ctx, { idOrSlug: 'acme' })).checks[3]).toMatchObject({
      ...{ retried: false, retriedAt: new Date(retriedAt).toISOString() },
    })
    expect(await ctx.db.select().from(checkDays)).toMatchObject([{ checkId: 'dns_mx', retries: 1, failSec: 0 }])
  })

  it('has at most thirty seconds for both looks', async () => {
    await cycle('PPPPPPPP')
    let budgetMs: number | undefined
    ctx.onPause(async () => ctx.setNow(ctx.now() + 27_000))
    const looking = lookingTwice('PPPFPPPP', 'PPPFPPPP')
    ctx.setNow(ctx.now() + INTERVAL)
    await tick(ctx, {
      ...looking,
      run: (world, target, options) => ((budgetMs = options.budgetMs), looking.run(world, target, options)),
    })
    expect(budgetMs).toBe(3_000)
  })

  it('waits outside: sixteen that wait leave the places to others', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `d${i}.example`)
    await addDomains(ctx, 't_acme', names)
    await cycle('PPPPPPPP')
    let [waiting, most] = [0, 0]
    let go!: () => void
    const allWait = new Promise<void>((done) => (go = done))
    ctx.onPause(async () => {
      most = Math.max(most, ++waiting)
      if (waiting === names.length + 1) go()
      await allWait
    })
    await cycle('PPPFPPPP')
    expect(most).toBe(names.length + 1)
    expect((await ctx.db.select().from(auditDomains)).every((row) => row.cells === 'PPPFPPPP')).toBe(true)
  })

  it('of a closing process is not stored, and its domain is free again', async () => {
    await cycle('PPPPPPPP')
    let closing: Promise<void> | undefined
    ctx.onPause(async () => void (closing = stopChecks(ctx)))
    await cycle('PPPFPPPP')
    await closing
    expect((await ctx.db.select().from(auditDomains))[0]).toMatchObject({ cells: 'PPPPPPPP', claimToken: null })
  })

  it('is confirmed in a run that a person asks for too, and told only then', async () => {
    await cycle('PPPPPPPP')
    const looking = lookingTwice('PPPFPPPP', 'PPPPPPPP')
    const { runId } = await requestRun(ctx, { idOrSlug: 'acme' }, looking)
    await machineOf(ctx).runs.get(runId)
    expect(ctx.pauses).toHaveLength(1)
    expect(await mx()).toMatchObject({ status: 'pass', retriedAt: ctx.now() })
    expect(TEST_NOW).toBeLessThan(ctx.now())
  })
})
