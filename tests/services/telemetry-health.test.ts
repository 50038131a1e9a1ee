import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkCycle } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { health } from '#server/services/telemetry'
import { Health } from '#shared/schemas/health'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

describe('the health of the process', () => {
  let ctx: TestContext
  beforeEach(() => (ctx = testContext()))
  afterEach(() => ctx.close())
  const ticked = (ago: number) =>
    transaction(ctx, async ({ tx }) => {
      await tx.insert(checkCycle).values({ id: 1, lastTickAt: TEST_NOW - ago })
    })

  it('is ok before the first tick, with the bytes that are free', async () => {
    const answer = Health.parse(await health(ctx, '1.2.3'))
    expect(answer).toMatchObject({ status: 'ok', version: '1.2.3', db: 'ok', cycleAgeSec: null })
    expect(answer.diskFree).toBeGreaterThan(0)
  })

  it.each([
    [5_000, 5, 'ok'],
    [61_000, 61, 'degraded'],
    [-3_600_000, 0, 'ok'],
  ])('with a tick %i ms ago has an age of %i s and is %s', async (ago, cycleAgeSec, status) => {
    await ticked(ago)
    expect(await health(ctx, '1')).toMatchObject({ cycleAgeSec, status })
  })

  it('is down when the database does not answer', async () => {
    const gone = testContext()
    await gone.database.close()
    expect(await health(gone, '1')).toMatchObject({ status: 'down', db: 'down', cycleAgeSec: null })
    await gone.close().catch(() => {})
  })
})
