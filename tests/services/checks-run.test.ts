import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { auditEvents, auditDomains, checkRuns, liveEvents } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { getRun, overviewAnswer, requestRun, stopChecks, tick } from '#server/services/checks'
import { machineOf } from '#server/services/checks/machine'
import type { Looking } from '#server/services/checks/look'
import { RUN_DEAD_MS } from '#server/services/checks/store/runs'
import { type Overview, OverviewQuery } from '#shared/schemas/overview'
import { addDomains, addTenant, canaryDns, lookingAt, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const finished = async (ctx: Context, runId: string) => {
  await machineOf(ctx).runs.get(runId)
  return getRun(ctx, runId)
}

describe('a run that a person asks for', () => {
  let ctx: TestContext
  let dns: ReturnType<typeof canaryDns> & { freshCalls: number }
  beforeEach(async () => {
    const client = canaryDns(() => 'answer')
    dns = Object.assign(client, { freshCalls: 0 })
    dns.fresh = () => (dns.freshCalls++, client)
    ctx = testContext({ dns })
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example', 'b.example'])
    await addDomains(ctx, await addTenant(ctx, 'beta'), ['c.example'])
    await addTenant(ctx, 'empty')
  })
  afterEach(async () => {
    await stopChecks(ctx)
    await ctx.close()
  })

  it('looks with fresh DNS and answers the stored verdicts when done', async () => {
    const { runId } = await requestRun(
      ctx,
      { idOrSlug: 'acme' },
      lookingAt((name) => (name === 'a.example' ? 'PPPFPPPP' : 'PPPPPPPP')),
    )
    const run = await finished(ctx, runId)
    expect(run).toMatchObject({ runId, status: 'done', done: 2, total: 2 })
    expect(run.results).toMatchObject([
      { domain: 'a.example', score: 7, max: 8, status: 'failing' },
      { domain: 'b.example', score: 8, max: 8, status: 'healthy' },
    ])
    expect(run.results![0]!.checks[3]).toEqual({ id: 'dns_mx', status: 'fail', reason: 'fail' })
    // One for the looks, one for the canary.
    expect(dns.freshCalls).toBe(2)
  })

  it('of one domain takes its name in any spelling and leaves the others alone', async () => {
    const { runId } = await requestRun(
      ctx,
      { idOrSlug: 't_acme', domain: 'A.Example.' },
      lookingAt(() => 'PPPPPPPP'),
    )
    expect(await finished(ctx, runId)).toMatchObject({ done: 1, total: 1, results: [{ domain: 'a.example' }] })
    const looked = (await ctx.db.select().from(auditDomains)).filter(({ lastAuditAt }) => lastAuditAt !== null)
    expect(looked.map(({ domain }) => domain)).toEqual(['a.example'])
  })

  it('is the same run for whoever asks while it is under way, and another one afterwards', async () => {
    let go!: () => void
    const gate = new Promise<void>((done) => (go = done))
    const looking = lookingAt(() => gate.then(() => 'PPPPPPPP'))
    const asked = await Promise.all([1, 2, 3].map(() => requestRun(ctx, { idOrSlug: 'acme' }, looking)))
    expect(new Set(asked.map(({ runId }) => runId)).size).toBe(1)
    const other = await requestRun(ctx, { idOrSlug: 'beta' }, looking)
    expect(other.runId).not.toBe(asked[0]!.runId)
    go()
    await finished(ctx, asked[0]!.runId)
    expect((await requestRun(ctx, { idOrSlug: 'acme' }, looking)).runId).not.toBe(asked[0]!.runId)
    const requested = await ctx.db.select().from(auditEvents).where(eq(auditEvents.action, 'check.run_requested'))
    expect(requested).toHaveLength(3)
    expect(requested.every(({ actorId }) => actorId === 'u_anna')).toBe(true)
  })

  it('tells its progress live: checks as they end, then the domain, then the end', async () => {
    const { runId } = await requestRun(
      ctx,
      { idOrSlug: 'acme', domain: 'a.example' },
      lookingAt(() => 'PPPPPPPF'),
    )
    await finished(ctx, runId)
    const events = (await ctx.db.select().from(liveEvents)).map(({ type, tenantId, data }) => ({
      type,
      tenantId,
      data: JSON.parse(data),
    }))
    expect(events.slice(0, 8).every(({ type, tenantId }) => type === 'check' && tenantId === 't_acme')).toBe(true)
    expect(events[7]!.data).toEqual({ runId, tenant: 'acme', domain: 'a.example', checkId: 'webmail_http', status: 'fail' })
    expect(events[8]!.data).toMatchObject({ runId, status: 'running', done: 1, total: 1, summary: { status: 'failing' } })
    expect(events[9]!.data).toEqual({ runId, status: 'done', done: 1, total: 1 })
    expect(events).toHaveLength(10)
  })

  it('shows in the overview at once', async () => {
    const failing = async () =>
      (JSON.parse(String((await overviewAnswer(ctx, OverviewQuery.parse({}))).json)) as Overview).totals.domains.failing
    expect(await failing()).toBe(0)
    await finished(
      ctx,
      (
        await requestRun(
          ctx,
          { idOrSlug: 'acme' },
          lookingAt(() => 'PPPPPPPF'),
        )
      ).runId,
    )
    expect(await failing()).toBe(2)
  })

  it('and the cycle never look at one domain at the same time', async () => {
    let [now, most] = [0, 0]
    const looking: Looking = {
      ...lookingAt(() => ''),
      run: async (_, { domain }) => {
        if (domain === 'c.example') most = Math.max(most, ++now)
        await new Promise((done) => setTimeout(done, 20))
        if (domain === 'c.example') now--
        return outcomesOf('PPPPPPPP')
      },
    }
    const ticking = tick(ctx, looking)
    const { runId } = await requestRun(ctx, { idOrSlug: 'beta' }, looking)
    await ticking
    expect(await finished(ctx, runId)).toMatchObject({ status: 'done', done: 1 })
    expect(most).toBe(1)
  })

  it('looks again when the domain is edited while it is looked at', async () => {
    let looks = 0
    const looking = lookingAt(async () => {
      if (looks++ === 0)
        await transaction(ctx, async ({ tx }) => {
          await tx.update(auditDomains).set({ version: 2 }).where(eq(auditDomains.id, 'd_c.example'))
        })
      return looks === 1 ? 'FFFFFFFF' : 'PPPPPPPP'
    })
    const run = await finished(ctx, (await requestRun(ctx, { idOrSlug: 'beta' }, looking)).runId)
    expect(looks).toBe(2)
    expect(run).toMatchObject({ status: 'done', done: 1, results: [{ status: 'healthy' }] })
  })

  it('fails with its process: by its heartbeat, then by the next tick', async () => {
    await transaction(ctx, async ({ tx }) => {
      const row = {
        tenantId: 't_acme',
        status: 'running' as const,
        total: 2,
        createdAt: TEST_NOW,
        owner: 'dead',
        heartbeatAt: TEST_NOW,
      }
      await tx.insert(checkRuns).values({ id: 'run_dead', ...row })
    })
    expect(await getRun(ctx, 'run_dead')).toMatchObject({ status: 'running' })
    ctx.setNow(TEST_NOW + RUN_DEAD_MS + 1)
    expect(await getRun(ctx, 'run_dead')).toMatchObject({ status: 'failed' })
    const { runId } = await requestRun(
      ctx,
      { idOrSlug: 'acme' },
      lookingAt(() => 'PPPPPPPP'),
    )
    expect(runId).not.toBe('run_dead')
    await tick(
      ctx,
      lookingAt(() => 'PPPPPPPP'),
    )
    expect(await ctx.db.select().from(checkRuns).where(eq(checkRuns.id, 'run_dead'))).toMatchObject([{ status: 'failed' }])
  })

  it('ends as failed when the process closes, with nothing half stored', async () => {
    let begun!: () => void
    const began = new Promise<void>((done) => (begun = done))
    const looking: Looking = {
      ...lookingAt(() => ''),
      run: (_, __, { signal }) => {
        begun()
        return new Promise((done) => signal!.addEventListener('abort', () => done(outcomesOf('FFFFFFFF'))))
      },
    }
    const { runId } = await requestRun(ctx, { idOrSlug: 'beta' }, looking)
    await began
    await stopChecks(ctx)
    expect(await getRun(ctx, runId)).toMatchObject({ status: 'failed', done: 0 })
    const domains = await ctx.db.select().from(auditDomains)
    expect(domains.every(({ status, claimToken }) => status === 'pending' && claimToken === null)).toBe(true)
    await expect(requestRun(ctx, { idOrSlug: 'acme' }, looking)).rejects.toMatchObject({ token: 'BACKPRESSURE' })
  })

  it('is refused for what is not there or not seen', async () => {
    const looking = lookingAt(() => 'PPPPPPPP')
    const beta = ctx.as({ scope: ['t_beta'] })
    await expect(requestRun(ctx, { idOrSlug: 'nobody' }, looking)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(requestRun(ctx, { idOrSlug: 'acme', domain: 'c.example' }, looking)).rejects.toMatchObject({
      token: 'NOT_FOUND',
    })
    await expect(requestRun(ctx, { idOrSlug: 'empty' }, looking)).rejects.toMatchObject({ token: 'CONFLICT' })
    await expect(requestRun(beta, { idOrSlug: 'acme' }, looking)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    const { runId } = await requestRun(ctx, { idOrSlug: 'acme' }, looking)
    await expect(getRun(beta, runId)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect(await ctx.db.select().from(checkRuns)).toHaveLength(1)
    await finished(ctx, runId)
  })
})
