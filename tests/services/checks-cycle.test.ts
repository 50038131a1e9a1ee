import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditChecks, auditDomains, checkCycle, liveEvents } from '#drizzle/schema/sqlite'
import { openDatabase } from '#drizzle/client'
import { acquireLease } from '#server/platform/lease'
import type { Looking } from '#server/services/checks/look'
import { stopChecks, tick } from '#server/services/checks'
import type { DnsOutcome } from '#server/platform/dns/types'
import { addDomains, addTenant, canaryDns, lookingAt, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const INTERVAL = 600_000
const names = (count: number) => Array.from({ length: count }, (_, i) => `d${i}.example`)

describe('a tick of the cycle', () => {
  let ctx: TestContext
  let canary: DnsOutcome
  let dns: ReturnType<typeof canaryDns>
  let tenantId: string
  beforeEach(async () => {
    canary = 'answer'
    dns = canaryDns(() => canary)
    ctx = testContext({ dns })
    tenantId = await addTenant(ctx, 'acme')
  })
  afterEach(() => ctx.close())
  const domains = () => ctx.db.select().from(auditDomains)

  it('says that it lives, and keeps its lease, though looks end all the time', async () => {
    await addDomains(ctx, tenantId, names(550))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const clock = setInterval(() => {
      vi.advanceTimersByTime(10)
      ctx.setNow(ctx.now() + 10)
    }, 1)
    try {
      const looking = lookingAt(async () => {
        await new Promise((done) => setImmediate(done))
        return 'PPPPPPPP'
      })
      await tick(ctx, looking)
    } finally {
      clearInterval(clock)
      vi.useRealTimers()
    }
    const [cycle] = await ctx.db.select().from(checkCycle)
    expect(cycle!.lastTickAt).toBeGreaterThanOrEqual(TEST_NOW + 5_000)
  })

  it('looks at every domain that is due once, side by side but never at more than 64', async () => {
    await addDomains(ctx, tenantId, names(200))
    const seen: string[] = []
    let [now, most] = [0, 0]
    let enough = () => {}
    const nine = new Promise<void>((done) => (enough = done))
    const looking = lookingAt(async (domain) => {
      seen.push(domain)
      most = Math.max(most, ++now)
      // Looks begin one after the other: the first ones stay until there are nine.
      if (now > 8) enough()
      await nine
      now--
      return 'PPPPPPPP'
    })
    await tick(ctx, looking)
    expect(seen.sort()).toEqual(names(200).sort())
    expect(most).toBeGreaterThan(8)
    expect(most).toBeLessThanOrEqual(64)
    await tick(ctx, looking)
    expect(seen).toHaveLength(200)
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(1_600)
  })

  describe('that looks ahead', () => {
    const AHEAD = 5_000
    const dueIn = (ms: number) => addDomains(ctx, tenantId, [`in-${ms}.example`], { nextDueAt: TEST_NOW + ms })
    /** When each was looked at, after how many milliseconds. */
    const looks = () => {
      const seen: [string, number][] = []
      return { seen, looking: lookingAt((domain) => (seen.push([domain, ctx.now() - TEST_NOW]), 'PPPPPPPP')) }
    }
    const passing = (ms: number) => Promise.resolve(ctx.setNow(ctx.now() + ms))

    it('looks at each domain in its own time, and comes back when none is near', async () => {
      for (const ms of [4_000, 1_000, 0, 2_500, 8_999, 20_000]) await dueIn(ms)
      const { seen, looking } = looks()
      ctx.onPause(passing)
      await tick(ctx, looking, AHEAD)
      expect(seen).toEqual([0, 1_000, 2_500, 4_000, 8_999].map((ms) => [`in-${ms}.example`, ms]))
      expect((await domains()).filter(({ claimToken }) => claimToken !== null)).toEqual([])
    })

    it('keeps nobody waiting for a clock that was set back meanwhile', async () => {
      await dueIn(3_000)
      const { seen, looking } = looks()
      ctx.onPause(() => passing(-50 * INTERVAL))
      await tick(ctx, looking, AHEAD)
      expect(seen).toHaveLength(1)
    })

    it('gives back at once who waits when the process closes', async () => {
      await dueIn(3_000)
      let stopped: Promise<void> | undefined
      ctx.onPause(async () => void (stopped = stopChecks(ctx)))
      const { seen, looking } = looks()
      await tick(ctx, looking, AHEAD)
      await stopped
      expect(seen).toEqual([])
      expect(await domains()).toMatchObject([{ claimToken: null, nextDueAt: TEST_NOW + 3_000 }])
    })
  })

  it('joins the one under way when it is called again', async () => {
    await addDomains(ctx, tenantId, names(3))
    let looks = 0
    const looking = lookingAt(() => (looks++, 'PPPPPPPP'))
    await Promise.all([tick(ctx, looking), tick(ctx, looking), tick(ctx, looking)])
    expect(looks).toBe(3)
  })

  it('leaves the work to the process that holds the lease', async () => {
    await addDomains(ctx, tenantId, names(3))
    await acquireLease(ctx, 'checks', 'another process', 20_000)
    let looks = 0
    await tick(
      ctx,
      lookingAt(() => (looks++, 'PPPPPPPP')),
    )
    expect(looks).toBe(0)
    ctx.setNow(TEST_NOW + 20_000)
    await tick(
      ctx,
      lookingAt(() => (looks++, 'PPPPPPPP')),
    )
    expect(looks).toBe(3)
  })

  it('skips what was missed instead of stacking it, and after a clock jump nothing is stuck', async () => {
    await addDomains(ctx, tenantId, names(20))
    let looks = 0
    const looking = lookingAt(() => (looks++, 'PPPPPPPP'))
    for (const at of [0, 50 * INTERVAL, -50 * INTERVAL]) {
      looks = 0
      ctx.setNow(TEST_NOW + at)
      await tick(ctx, looking)
      expect(looks).toBe(20)
      for (const { nextDueAt } of await domains()) {
        expect(nextDueAt).toBeGreaterThan(TEST_NOW + at)
        expect(nextDueAt).toBeLessThanOrEqual(TEST_NOW + at + INTERVAL)
      }
    }
  })

  it('asks the canary once a cycle, and at every tick while it fails; says since when', async () => {
    const looking = lookingAt(() => 'PPPPPPPP')
    await tick(ctx, looking)
    await tick(ctx, looking)
    expect(dns.asked).toBe(1)
    canary = 'servfail'
    ctx.setNow(TEST_NOW + INTERVAL)
    await tick(ctx, looking)
    ctx.setNow(TEST_NOW + INTERVAL + 5_000)
    await tick(ctx, looking)
    expect(dns.asked).toBe(3)
    const [state] = await ctx.db.select().from(checkCycle)
    expect(state).toMatchObject({ fault: 'canary', faultSince: TEST_NOW + INTERVAL, lastTickAt: TEST_NOW + INTERVAL + 5_000 })
    canary = 'answer'
    await tick(ctx, looking)
    expect((await ctx.db.select().from(checkCycle))[0]).toMatchObject({ fault: null, faultSince: null })
    const told = (await ctx.db.select().from(liveEvents)).filter(({ type }) => type === 'cycle')
    expect(told.map((event) => JSON.parse(event.data).fault)).toEqual([null, 'canary', null])
  })

  it('hands the failing canary on to the checks', async () => {
    await addDomains(ctx, tenantId, names(1))
    canary = 'timeout'
    let ok: boolean | undefined
    const looking: Looking = {
      ...lookingAt(() => 'PPPPPPPP'),
      run: async (world) => ((ok = await world.canaryOk()), outcomesOf('????????')),
    }
    await tick(ctx, looking)
    expect(ok).toBe(false)
  })

  it('takes it for its own fault when more than a tenth of twenty domains or more lose their answer at once', async () => {
    await addDomains(ctx, tenantId, names(20))
    await tick(
      ctx,
      lookingAt(() => 'PPPPPPPP'),
    )
    ctx.setNow(TEST_NOW + INTERVAL)
    await tick(
      ctx,
      lookingAt((domain) => (['d0.example', 'd1.example'].includes(domain) ? '?PPPPPPP' : 'FPPPPPPP')),
    )
    await tick(
      ctx,
      lookingAt(() => 'PPPPPPPP'),
    )
    expect((await ctx.db.select().from(checkCycle))[0]).toMatchObject({ fault: null })
    ctx.setNow(TEST_NOW + 2 * INTERVAL)
    await tick(
      ctx,
      lookingAt((domain) => (/d[5-9]/.test(domain) ? '?PPPPPPP' : 'PPPPPPPP')),
    )
    await tick(
      ctx,
      lookingAt(() => 'PPPPPPPP'),
    )
    expect((await ctx.db.select().from(checkCycle))[0]).toMatchObject({ fault: 'many-unknown' })
  })

  it('shares one look for all domains of a cycle, and looks anew in the next', async () => {
    await addDomains(ctx, tenantId, names(30))
    let hostLooks = 0
    const looking: Looking = {
      ...lookingAt(() => 'PPPPPPPP'),
      run: async (world) => {
        await world.shared('host', () => Promise.resolve(hostLooks++))
        return outcomesOf('PPPPPPPP')
      },
    }
    await tick(ctx, looking)
    expect(hostLooks).toBe(1)
    ctx.setNow(TEST_NOW + INTERVAL)
    await tick(ctx, looking)
    expect(hostLooks).toBe(2)
  })

  it('stops at once when the process closes: nothing is stored, all claims are given back', async () => {
    await addDomains(ctx, tenantId, names(100))
    let begun!: () => void
    const someBegan = new Promise<void>((done) => (begun = done))
    const looking: Looking = {
      ...lookingAt(() => ''),
      run: (_, __, { signal }) => {
        begun()
        return new Promise((done) => signal!.addEventListener('abort', () => done(outcomesOf('????????'))))
      },
    }
    const ticking = tick(ctx, looking)
    await someBegan
    await stopChecks(ctx)
    await ticking
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
    for (const domain of await domains()) expect(domain).toMatchObject({ claimToken: null, nextDueAt: TEST_NOW })
    await tick(
      ctx,
      lookingAt(() => 'PPPPPPPP'),
    )
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
  })

  it('goes on with the other domains when one cannot be looked at', async () => {
    await addDomains(ctx, tenantId, names(5))
    await tick(
      ctx,
      lookingAt((domain) => (domain === 'd0.example' ? Promise.reject(new Error('secret')) : 'PPPPPPPP')),
    )
    expect((await domains()).filter((domain) => domain.status === 'healthy')).toHaveLength(4)
    expect(JSON.stringify(ctx.logged)).not.toContain('secret')
    expect(ctx.logged).toHaveLength(1)
  })

  it('with a second process on the same database looks at no domain twice', async () => {
    await addDomains(ctx, tenantId, names(150))
    const database = openDatabase(ctx.config.databaseFile)
    const other = { ...ctx, database, db: database.read }
    const seen: string[] = []
    const looking = lookingAt((domain) => (seen.push(domain), 'PPPPPPPP'))
    await Promise.all([tick(ctx, looking), tick(other, looking)])
    await Promise.all([tick(ctx, looking), tick(other, looking)])
    expect(seen.sort()).toEqual(names(150).sort())
    await database.close()
  })
})
