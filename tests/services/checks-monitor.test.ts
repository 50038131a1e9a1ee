import { inArray } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { auditDomains, checkCycle } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { DnsOutcome } from '#server/platform/dns/types'
import { overviewAnswer, readLastTick, requestRun, stopChecks, tick } from '#server/services/checks'
import { machineOf } from '#server/services/checks/machine'
import { type Overview, OverviewQuery } from '#shared/schemas/overview'
import { addDomains, addTenant, canaryDns, lookingAt } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const INTERVAL = 600_000

describe('a fault of the monitor itself', () => {
  let ctx: TestContext
  let canary: DnsOutcome
  beforeEach(async () => {
    canary = 'answer'
    ctx = testContext({ dns: canaryDns(() => canary) })
    await addDomains(ctx, await addTenant(ctx, 'acme'), names(40))
  })
  afterEach(async () => {
    await stopChecks(ctx)
    await ctx.close()
  })
  const names = (count: number) => Array.from({ length: count }, (_, i) => `d${i}.example`)
  /** What the overview says, once its prepared answer is old. */
  const fault = async () => {
    ctx.setNow(ctx.now() + 2_000)
    return (JSON.parse(String((await overviewAnswer(ctx, OverviewQuery.parse({}))).json)) as Overview).cycle
  }
  const run = async (cells = 'PPPPPPPP') => {
    const looking = lookingAt(() => cells)
    const { runId } = await requestRun(ctx, { idOrSlug: 'acme', domain: 'd0.example' }, looking)
    await machineOf(ctx).runs.get(runId)
  }
  const healthy = lookingAt(() => 'PPPPPPPP')

  it('is found by a run that a person asks for where nobody ticks, and gone with the next one that finds none', async () => {
    await run()
    expect(await fault()).toMatchObject({ fault: null })
    canary = 'timeout'
    const faultSince = new Date(ctx.now()).toISOString()
    await run('????????')
    expect(await fault()).toMatchObject({ fault: 'canary', faultSince })
    expect(await readLastTick(ctx)).toBeNull()
    await run('????????')
    expect(await fault()).toMatchObject({ faultSince })
    canary = 'answer'
    await run()
    expect(await fault()).toMatchObject({ fault: null, faultSince: null })
  })

  describe('of two processes', () => {
    let other: Context
    beforeEach(() => {
      const database = openDatabase(ctx.config.databaseFile)
      other = { ...ctx, database, db: database.read }
    })
    afterEach(() => other.database.close())

    it('is added up from the looks of both', async () => {
      await tick(ctx, healthy)
      ctx.setNow(TEST_NOW + INTERVAL)
      // Neither sees twenty domains, but both together do: twelve each, three of them silent.
      const some = lookingAt((domain) => (Number(/\d+/.exec(domain)) % 4 === 0 ? 'PPP?PPPP' : 'PPPPPPPP'))
      await tickOver(ctx, 0, some)
      expect(await fault()).toMatchObject({ fault: null })
      await tickOver(other, 12, some)
      expect((await ctx.db.select().from(checkCycle))[0]).toMatchObject({ seen: 24, answered: 24, fault: 'many-unknown' })
    })

    it('stands whichever of them ticks next, until the cycle is over', async () => {
      await tick(ctx, healthy)
      ctx.setNow(TEST_NOW + INTERVAL)
      await tick(
        ctx,
        lookingAt((domain) => (/d1\d/.test(domain) ? '?PPPPPPP' : 'PPPPPPPP')),
      )
      for (const process of [other, ctx, other]) {
        await tick(process, healthy)
        expect(await fault()).toMatchObject({ fault: 'many-unknown' })
      }
      ctx.setNow(TEST_NOW + 2 * INTERVAL)
      await tick(other, healthy)
      expect(await fault()).toMatchObject({ fault: null })
    })

    it('by the canary is asked about by each of them while it lasts', async () => {
      canary = 'servfail'
      await tick(ctx, healthy)
      await tick(other, healthy)
      expect(await fault()).toMatchObject({ fault: 'canary' })
      canary = 'answer'
      await tick(other, healthy)
      expect(await fault()).toMatchObject({ fault: null })
    })

    /** A tick that finds only these domains due. */
    async function tickOver(process: Context, from: number, looking: typeof healthy): Promise<void> {
      const ids = names(40).map((name) => `d_${name}`)
      await transaction(ctx, async ({ tx }) => {
        await tx.update(auditDomains).set({ nextDueAt: ctx.now() + INTERVAL })
        const due = inArray(auditDomains.id, ids.slice(from, from + 12))
        await tx.update(auditDomains).set({ nextDueAt: ctx.now() }).where(due)
      })
      await tick(process, looking)
    }
  })
})
