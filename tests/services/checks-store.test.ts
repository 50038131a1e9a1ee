import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { auditChecks, auditDomains, auditEvents, checkTransitions, liveEvents } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { claimDomain, claimDue, CLAIM_MS } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { toldIn } from '../helpers/audit'
import { addDomains, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const MINUTE = 60_000

describe('storing the verdicts of a look', () => {
  let ctx: TestContext
  beforeEach(async () => {
    ctx = testContext()
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['acme.example'])
  })
  afterEach(() => ctx.close())

  const look = async (cells: string, reason?: string) => {
    const claim = await claimDomain(ctx, 'd_acme.example')
    return storeVerdicts(ctx, claim!, outcomesOf(cells, reason))
  }
  const domain = async () => (await ctx.db.select().from(auditDomains))[0]!
  const check = async (id: string) => (await ctx.db.select().from(auditChecks).where(eq(auditChecks.checkId, id)))[0]!
  const changed = () => ctx.db.select().from(auditEvents).where(eq(auditEvents.action, 'check.changed'))

  it('writes eight verdicts, the summary, the history and one live event', async () => {
    expect(await look('-PPPPWFP')).toBe('stored')
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(8)
    expect(await ctx.db.select().from(checkTransitions)).toHaveLength(8)
    expect(await domain()).toMatchObject({
      ...{ status: 'failing', score: 6, max: 7, cells: '-PPPPWFP', lastAuditAt: TEST_NOW, statusSince: TEST_NOW, version: 1 },
      ...{ claimToken: null, claimUntil: null },
    })
    const [event] = await ctx.db.select().from(liveEvents)
    expect(event).toMatchObject({ type: 'run', tenantId: 't_acme' })
    expect(JSON.parse(event!.data)).toMatchObject({
      runId: null,
      status: 'done',
      summary: { domain: 'acme.example', status: 'failing' },
    })
  })

  it('plans the next look within one interval', async () => {
    await look('PPPPPPPP')
    const { nextDueAt } = await domain()
    expect(nextDueAt).toBeGreaterThan(TEST_NOW)
    expect(nextDueAt).toBeLessThanOrEqual(TEST_NOW + 600_000)
  })

  it('writes neither history nor audit event when nothing changed, and keeps since', async () => {
    await look('PPPPPPPP')
    ctx.setNow(TEST_NOW + MINUTE)
    await look('PPPPPPPP')
    expect(await ctx.db.select().from(checkTransitions)).toHaveLength(8)
    expect(await changed()).toHaveLength(0)
    expect(await check('dns_mx')).toMatchObject({ since: TEST_NOW, checkedAt: TEST_NOW + MINUTE })
    expect(await domain()).toMatchObject({ statusSince: TEST_NOW, lastAuditAt: TEST_NOW + MINUTE })
  })

  it('writes one audit event for each status that changed', async () => {
    await look('PPPPPPPP')
    ctx.setNow(TEST_NOW + MINUTE)
    await look('PPPFWPPP')
    const events = await changed()
    expect(events.map((event) => toldIn(event.content))).toEqual([
      { checkId: 'dns_mx', domain: 'acme.example', from: 'pass', reason: 'fail', to: 'fail' },
      { checkId: 'dns_spf', domain: 'acme.example', from: 'pass', reason: 'warn', to: 'warn' },
    ])
    expect(await check('dns_mx')).toMatchObject({ since: TEST_NOW + MINUTE })
  })

  it('writes history, but no audit event, when only the reason changed', async () => {
    await look('PPPPPPPP')
    await look('PPPPPPPP', 'another')
    expect(await ctx.db.select().from(checkTransitions)).toHaveLength(16)
    expect(await changed()).toHaveLength(0)
  })

  it('writes history, but no audit event, for a turn to unknown and back to the verdict that was known', async () => {
    for (const cells of ['PPPFPPPP', '????????', 'PPP?PPPP', 'PPPFPPPP']) {
      ctx.setNow(ctx.now() + MINUTE)
      await look(cells)
    }
    expect(await changed()).toHaveLength(0)
    const ofMx = await ctx.db.select().from(checkTransitions).where(eq(checkTransitions.checkId, 'dns_mx'))
    expect(ofMx.map(({ fromStatus, toStatus }) => [fromStatus, toStatus])).toEqual([
      [null, 'fail'],
      ['fail', 'unknown'],
      ['unknown', 'fail'],
    ])
  })

  it('writes one audit event, from the verdict that was known, when another one comes out of unknown', async () => {
    for (const cells of ['PPPPPPPP', 'PPP?PPPP', 'PPP?PPPP', 'PPPFPPPP']) await look(cells)
    expect((await changed()).map((event) => toldIn(event.content))).toEqual([
      { checkId: 'dns_mx', domain: 'acme.example', from: 'pass', reason: 'fail', to: 'fail' },
    ])
  })

  it('writes no audit event for the first verdict that is known at all', async () => {
    for (const cells of ['????????', 'PPPFPPPP']) await look(cells)
    expect(await changed()).toHaveLength(0)
  })

  it('keeps the last known verdict through any number of unknowns, and scores by it', async () => {
    await look('PPPFPPPP')
    for (const minute of [1, 2]) {
      ctx.setNow(TEST_NOW + minute * MINUTE)
      await look('PPP?PPPP')
    }
    expect(await check('dns_mx')).toMatchObject({
      ...{ status: 'unknown', since: TEST_NOW + MINUTE },
      ...{ lastKnownStatus: 'fail', lastKnownReason: 'fail', lastKnownAt: TEST_NOW },
    })
    expect(await domain()).toMatchObject({ status: 'unknown', score: 7, max: 8 })
    await look('PPPPPPPP')
    expect(await check('dns_mx')).toMatchObject({
      status: 'pass',
      lastKnownStatus: null,
      lastKnownReason: null,
      lastKnownAt: null,
    })
  })

  it('refuses fewer than eight verdicts and writes nothing', async () => {
    const claim = await claimDomain(ctx, 'd_acme.example')
    await expect(storeVerdicts(ctx, claim!, outcomesOf('PPPPPPPP').slice(1))).rejects.toThrow('all eight')
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
  })

  it('writes nothing for who lost the claim', async () => {
    const old = await claimDomain(ctx, 'd_acme.example')
    ctx.setNow(TEST_NOW + CLAIM_MS)
    const held = await claimDomain(ctx, 'd_acme.example')
    expect(await storeVerdicts(ctx, old!, outcomesOf('FFFFFFFF'))).toBe('lost')
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
    expect(await storeVerdicts(ctx, held!, outcomesOf('PPPPPPPP'))).toBe('stored')
    expect(await storeVerdicts(ctx, held!, outcomesOf('FFFFFFFF'))).toBe('lost')
    expect((await domain()).cells).toBe('PPPPPPPP')
  })

  it('drops what was seen of a domain that was edited meanwhile, and makes it due again', async () => {
    const claim = await claimDomain(ctx, 'd_acme.example')
    await transaction(ctx, async ({ tx }) => {
      await tx.update(auditDomains).set({ version: 2 })
    })
    ctx.setNow(TEST_NOW + MINUTE)
    expect(await storeVerdicts(ctx, claim!, outcomesOf('FFFFFFFF'))).toBe('edited')
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
    expect(await domain()).toMatchObject({ status: 'pending', nextDueAt: TEST_NOW + MINUTE, claimToken: null })
    expect(await claimDue(ctx, 10)).toHaveLength(1)
  })

  it('drops what was seen of a domain that was removed meanwhile', async () => {
    const claim = await claimDomain(ctx, 'd_acme.example')
    await transaction(ctx, async ({ tx }) => {
      await tx.update(auditDomains).set({ deletedAt: TEST_NOW })
    })
    expect(await storeVerdicts(ctx, claim!, outcomesOf('FFFFFFFF'))).toBe('lost')
    expect(await ctx.db.select().from(auditChecks)).toHaveLength(0)
  })

  it('leaves a look due that somebody asked for meanwhile', async () => {
    const claim = await claimDomain(ctx, 'd_acme.example')
    await transaction(ctx, async ({ tx }) => {
      await tx.update(auditDomains).set({ nextDueAt: TEST_NOW + 5 })
    })
    await storeVerdicts(ctx, claim!, outcomesOf('PPPPPPPP'))
    expect((await domain()).nextDueAt).toBe(TEST_NOW + 5)
  })

  it('claims a domain for one at a time, also of twenty who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => claimDue(ctx, 10)))
    expect(asked.flat()).toHaveLength(1)
    expect(await claimDomain(ctx, 'd_acme.example')).toBeNull()
  })

  it('does not leave a domain stuck after the clock was set back or forward', async () => {
    await claimDue(ctx, 10)
    ctx.setNow(TEST_NOW - 3_600_000)
    expect(await claimDue(ctx, 10)).toHaveLength(1)
    ctx.setNow(TEST_NOW + 3_600_000)
    expect(await claimDue(ctx, 10)).toHaveLength(1)
  })
})
