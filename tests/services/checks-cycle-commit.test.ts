import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditDomains } from '#drizzle/schema/sqlite'
import { stopChecks, tick } from '#server/services/checks'
import { addDomains, addTenant, canaryDns, lookingAt } from '../helpers/checks'
import { testContext, type TestContext } from '../helpers/context'

const names = (count: number) => Array.from({ length: count }, (_, i) => `d${i}.example`)

describe('the commit of looks', () => {
  let ctx: TestContext
  let tenantId: string
  beforeEach(async () => {
    ctx = testContext({ dns: canaryDns(() => 'answer') })
    tenantId = await addTenant(ctx, 'acme')
  })
  afterEach(() => ctx.close())
  const domains = () => ctx.db.select().from(auditDomains)

  it('is one for those that end together', async () => {
    await addDomains(ctx, tenantId, names(12))
    let [begun, commits] = [0, 0]
    let allBegun = () => {}
    const all = new Promise<void>((done) => (allBegun = done))
    const looking = lookingAt(async () => {
      if (++begun === 12) allBegun()
      await all
      return 'PPPPPPPP'
    })
    ctx.database.onCommit(() => void (begun === 12 && commits++))
    await tick(ctx, looking)
    expect((await domains()).every(({ status }) => status === 'healthy')).toBe(true)
    // Beside the looks: what was counted, and the lease that is given back. Twelve looks may outlast the time that a group has.
    expect(commits).toBeLessThanOrEqual(6)
  })

  it('keeps no domain waiting that could be looked at meanwhile', async () => {
    await addDomains(ctx, tenantId, names(40))
    let begun = 0
    let go = () => {}
    // One that is alone is stored at once.
    const two = new Promise<void>((done) => (go = done))
    const looking = lookingAt(async () => {
      if (++begun === 2) go()
      await two
      return 'PPPPPPPP'
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const pass = async (ms: number) => {
      vi.advanceTimersByTime(ms)
      for (let turns = 0; turns < 50; turns++) await new Promise((done) => setImmediate(done))
    }
    try {
      let isOver = false
      const ticked = tick(ctx, looking).finally(() => (isOver = true))
      // More than sixteen begin before the first ones are stored: the time for gathering is not over.
      for (let ms = 0; ms < 190; ms += 5) await pass(5)
      expect((await domains()).every(({ status }) => status === 'pending')).toBe(true)
      expect(begun).toBeGreaterThan(16)
      while (!isOver) await pass(5)
      await ticked
    } finally {
      vi.useRealTimers()
    }
    expect(begun).toBe(40)
  })

  it('comes also when the process closes while they wait for it', async () => {
    await addDomains(ctx, tenantId, names(2))
    let [begun, stopped] = [0, Promise.resolve()]
    let go = () => {}
    const both = new Promise<void>((done) => (go = done))
    const looking = lookingAt(async () => {
      if (++begun === 2) {
        go()
        setImmediate(() => (stopped = stopChecks(ctx)))
      }
      await both
      return 'PPPPPPPP'
    })
    await tick(ctx, looking)
    await stopped
    expect(await domains()).toMatchObject([0, 1].map(() => ({ status: 'healthy', claimToken: null })))
  })
})
