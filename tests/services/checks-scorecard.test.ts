import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scorecard } from '#server/services/checks'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { Scorecard } from '#shared/schemas/checks'
import { addDomains, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const DAY = 86_400_000

describe('a scorecard', () => {
  let ctx: TestContext
  beforeEach(async () => {
    ctx = testContext()
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example', 'b.example'])
    await addTenant(ctx, 'empty')
  })
  afterEach(() => ctx.close())
  const look = async (domain: string, cells: string) =>
    storeVerdicts(ctx, (await claimDomain(ctx, `d_${domain}`))!, outcomesOf(cells))

  it('answers by its schema: eight checks in order, each with a sentence', async () => {
    await look('a.example', 'PPPFP?P-')
    const card = Scorecard.parse(await scorecard(ctx, { idOrSlug: 'acme', domain: 'A.EXAMPLE' }))
    expect(card).toMatchObject({ domain: 'a.example', score: 5, max: 6, status: 'failing', mailHost: null, activeRunId: null })
    expect(card.checks.map(({ status }) => status)).toEqual([
      'pass',
      'pass',
      'pass',
      'fail',
      'pass',
      'unknown',
      'pass',
      'skipped',
    ])
    expect(card.checks.every(({ message }) => message.length > 0)).toBe(true)
    expect(card.checks[3]!.evidence.found).toEqual({ seen: 'F' })
  })

  it('shows what was known last beside an unknown', async () => {
    await look('a.example', 'PPPFPPPP')
    ctx.setNow(TEST_NOW + DAY)
    await look('a.example', 'PPP?PPPP')
    const { checks, month, history } = await scorecard(ctx, { idOrSlug: 'acme', domain: 'a.example' })
    expect(checks[3]).toMatchObject({
      ...{ status: 'unknown', since: new Date(TEST_NOW + DAY).toISOString() },
      lastKnown: { status: 'fail', reason: 'fail', checkedAt: new Date(TEST_NOW).toISOString() },
    })
    expect(month).toBe(`${'.'.repeat(28)}FF`)
    expect(history[0]).toMatchObject({ checkId: 'dns_mx', from: 'fail', to: 'unknown' })
    expect(history).toHaveLength(9)
  })

  it('is that of the worst domain when none is named', async () => {
    await look('a.example', 'PPPPPPPP')
    await look('b.example', 'PPPWPPPP')
    expect((await scorecard(ctx, { idOrSlug: 't_acme' })).domain).toBe('b.example')
  })

  it('is there before the first look, without checks', async () => {
    expect(Scorecard.parse(await scorecard(ctx, { idOrSlug: 'acme' }))).toMatchObject({
      status: 'pending',
      score: null,
      checks: [],
    })
  })

  it('is not found for what is not there or not seen', async () => {
    const beta = ctx.as({ scope: ['t_empty'] })
    for (const [caller, input] of [
      [ctx, { idOrSlug: 'nobody' }],
      [ctx, { idOrSlug: 'empty' }],
      [ctx, { idOrSlug: 'acme', domain: 'other.example' }],
      [beta, { idOrSlug: 'acme' }],
      [beta, { idOrSlug: 't_acme', domain: 'a.example' }],
    ] as const)
      await expect(scorecard(caller, input)).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})
