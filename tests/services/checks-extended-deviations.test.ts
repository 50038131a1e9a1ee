import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditDomains } from '#drizzle/schema/sqlite'
import { acceptDeviation, changes, listDeviations, scorecard, tick, withdrawDeviation } from '#server/services/checks'
import type { ExtendedOutcome } from '#server/services/checks/extended/engine'
import { claimExtended } from '#server/services/checks/extended/store/claims'
import { storeExtended } from '#server/services/checks/extended/store/verdicts'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import type { DeviationInput } from '#shared/schemas/deviations'
import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import { Changes, ChangesQuery } from '#shared/schemas/history'
import { addDomains, addTenant, canaryDns, lookingAt, outcomesOf } from '../helpers/checks'
import { ANNA, testContext, TEST_NOW, type TestContext } from '../helpers/context'

const [MINUTE, DAY] = [60_000, 86_400_000]
const iso = (ms: number) => new Date(ms).toISOString()
const NAME = 'acme.example'

let ctx: TestContext
beforeEach(async () => {
  ctx = testContext({ dns: canaryDns(() => 'answer') })
  await addDomains(ctx, await addTenant(ctx, 'acme'), [NAME])
  await tick(
    ctx,
    lookingAt(() => 'PPPPPPPP'),
  )
})
afterEach(() => ctx.close())

/** What the look at one extended check found. */
async function look(status: ExtendedStatus, reason: string = status, checkId: ExtendedId = 'tls_rpt') {
  const evidence = { lookups: [], connections: [], found: { reason } }
  const outcome: ExtendedOutcome = { checkId, status, reason, params: {}, latencyMs: 3, evidence }
  await storeExtended(ctx, (await claimExtended(ctx, `d_${NAME}`))!, [outcome], [checkId])
}
const accept = (over: Partial<DeviationInput> = {}) =>
  acceptDeviation(ctx, 'acme', {
    ...{ domain: NAME, checkId: 'tls_rpt', code: 'malformed', reason: 'Wanted so', until: iso(TEST_NOW + 7 * DAY) },
    ...over,
  })
const card = () => scorecard(ctx, { idOrSlug: 'acme' })
const shown = async () => (await card()).extended.find(({ checkId }) => checkId === 'tls_rpt')!

describe('what is accepted of an extended check', () => {
  beforeEach(() => look('warn', 'malformed'))

  it('stays visible on the scorecard with who, why and until when, and leaves the score alone', async () => {
    expect((await shown()).deviation).toBeNull()
    const made = await accept()
    expect(made).toMatchObject({
      ...{ checkId: 'tls_rpt', status: 'warn', code: 'malformed', reason: 'Wanted so', holds: true },
      ...{ acceptedBy: { id: ANNA.id }, until: iso(TEST_NOW + 7 * DAY) },
    })
    expect(await shown()).toMatchObject({ status: 'warn', reason: 'malformed', deviation: made })
    expect((await listDeviations(ctx, { idOrSlug: 'acme' })).deviations).toEqual([made])
    expect(await ctx.db.select().from(auditDomains)).toMatchObject([{ score: 8, max: 8, cells: 'PPPPPPPP' }])
  })

  it('holds through looks that say the same and through unknown, and not when the check says something else', async () => {
    await accept()
    await look('warn', 'malformed')
    expect((await shown()).deviation).toMatchObject({ holds: true })
    await look('unknown', 'dns-timeout')
    expect((await shown()).deviation).toMatchObject({ holds: true })
    await look('warn', 'multiple')
    expect((await shown()).deviation).toMatchObject({ holds: false })
    await look('pass', 'ok')
    expect((await shown()).deviation).toMatchObject({ holds: false })
  })

  it('ends when its time is over, and when it is taken back', async () => {
    await accept()
    ctx.setNow(TEST_NOW + 7 * DAY)
    expect((await shown()).deviation).toBeNull()
    const { id } = await accept({ until: iso(TEST_NOW + 8 * DAY) })
    await withdrawDeviation(ctx, { idOrSlug: 'acme', id })
    expect((await shown()).deviation).toBeNull()
  })

  it.each<[string, Partial<DeviationInput>]>([
    ['another reason', { code: 'multiple' }],
    ['a check that was never looked at', { checkId: 'caa', code: 'not-allowed' }],
    ['a check that there is not', { checkId: 'nonsense', code: 'malformed' }],
  ])('is refused for %s', async (_, over) => {
    await expect(accept(over)).rejects.toMatchObject({ token: 'CONFLICT' })
  })

  it('cannot be a mere note, nor what is well', async () => {
    await look('info', 'absent')
    await expect(accept({ code: 'absent' })).rejects.toMatchObject({ token: 'CONFLICT' })
    await look('pass', 'ok')
    await expect(accept({ code: 'ok' })).rejects.toMatchObject({ token: 'CONFLICT' })
  })
})

describe('between two moments', () => {
  const net = async (query: Record<string, unknown> = {}) =>
    Changes.parse(await changes(ctx, ChangesQuery.parse({ since: iso(TEST_NOW), ...query })))
  const told = async (query?: Record<string, unknown>) =>
    (await net(query)).changes.map(({ checkId, to }) => `${checkId} ${to.reason}`)
  const eight = async (cells: string) => storeVerdicts(ctx, (await claimDomain(ctx, `d_${NAME}`))!, outcomesOf(cells))
  /** Two changes of the eight and two beyond, in turns. */
  beforeEach(async () => {
    await look('info', 'absent')
    await look('info', 'absent', 'caa')
    const steps = [
      () => look('warn', 'malformed'),
      () => eight('PPPFPPPP'),
      () => look('fail', 'not-allowed', 'caa'),
      () => eight('PPPFWPPP'),
    ]
    for (const [at, step] of steps.entries()) {
      ctx.setNow(TEST_NOW + (at + 1) * MINUTE)
      await step()
    }
  })

  it('shows the extended checks beside the eight, latest first', async () => {
    expect(await told()).toEqual(['dns_spf warn', 'caa not-allowed', 'dns_mx fail', 'tls_rpt malformed'])
    expect((await net({ check: 'tls_rpt' })).changes).toMatchObject([
      { checkId: 'tls_rpt', from: { status: 'info', reason: 'absent' }, to: { status: 'warn' }, steps: 1 },
    ])
    expect(await told({ check: 'dns_mx' })).toEqual(['dns_mx fail'])
    expect(await told({ until: iso(TEST_NOW + MINUTE) })).toEqual(['tls_rpt malformed'])
  })

  it.each([1, 2, 3])('is paged by %d without a gap or a repeat', async (limit) => {
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Changes = await net({ limit, ...(cursor && { cursor }) })
      seen.push(...page.changes.map(({ checkId }) => checkId))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(['dns_spf', 'caa', 'dns_mx', 'tls_rpt'])
  })
})
