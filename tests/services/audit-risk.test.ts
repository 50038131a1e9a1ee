import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#server/platform/context'
import { mutate, recordHappening } from '#server/services/audit'
import type { AnyAction } from '#server/services/audit/actions'
import { Assessor } from '#server/services/audit/risk'
import { readEvents } from '#server/services/audit/timeline/read-events'
import { ANNA, testContext, TEST_NOW, type TestContext } from '../helpers/context'

const HOUR = 60 * 60_000
let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

async function happened(action: AnyAction, { actor = ANNA, outcome = 'success' as 'success' | 'failure' } = {}): Promise<void> {
  await mutate(ctx.as({ actor }), action, async () => ({
    value: undefined,
    events: [{ resource: { type: 'tenant', id: 't_1' }, outcome }],
  }))
}
const usually = async (times: number, actor?: Actor) => {
  for (let n = 0; n < times; n++) await happened('tenant.updated', { actor })
}
const lastSeq = () => ctx.database.raw.prepare('select max(seq) from audit_events').pluck().get() as number
const riskOfLast = () => readEvents(ctx, [lastSeq()])[0]!.risk
const codes = () => riskOfLast().factors.map(({ code }) => code)

describe('the risk of events', () => {
  it('comes from the log: another hour, another address, a right that is given', async () => {
    await usually(20)
    ctx.setNow(TEST_NOW + 9 * HOUR)
    await happened('user.activated', { actor: { ...ANNA, ip: '198.51.100.9' } })
    await new Assessor(ctx).assess()
    expect(riskOfLast()).toEqual({
      score: 80,
      isAnomalous: true,
      factors: [
        { code: 'unusual_hour', points: 15, sentence: 'Between 21:00 and 21:59 UTC, when this actor has not been seen before' },
        { code: 'new_address', points: 20, sentence: 'From an address that this actor has not used before' },
        { code: 'privilege_change', points: 25, sentence: 'It changes who may do what' },
        { code: 'severity', points: 20, sentence: 'An event of high severity' },
      ],
    })
  })

  it.each([
    ['of the same person, from anywhere', { ...ANNA, ip: '198.51.100.1' }],
    [
      'from the same address, by whomever',
      { ...ANNA, type: 'service' as const, id: 'anonymous', email: undefined, name: undefined },
    ],
  ])('grows by sign-ins that failed %s, for fifteen minutes', async (_, failing) => {
    await happened('user.signed_in')
    for (let n = 0; n < 3; n++) await happened('user.refused', { actor: failing, outcome: 'failure' })
    await happened('user.signed_in')
    await new Assessor(ctx).assess()
    expect(codes()).toEqual(['after_failures'])
    ctx.setNow(TEST_NOW + 15 * 60_000)
    await happened('user.signed_in')
    await new Assessor(ctx).assess()
    expect(codes()).toEqual([])
  })

  it('does not grow by failures of somebody else from elsewhere', async () => {
    const other = { ...ANNA, id: 'u_bruno', ip: '198.51.100.1' }
    for (let n = 0; n < 3; n++) await happened('user.refused', { actor: other, outcome: 'failure' })
    await happened('user.signed_in')
    await new Assessor(ctx).assess()
    expect(codes()).toEqual([])
  })

  it('is the same whoever looks: one assessor, a new one for each slice, or two in turn', async () => {
    const story = async () => {
      await usually(20)
      ctx.setNow(ctx.now() + 5 * HOUR)
      for (const ip of ['192.0.2.7', '192.0.2.8', '192.0.2.8'])
        for (const action of ['user.refused', 'user.signed_in'] as const)
          await happened(action, { actor: { ...ANNA, ip }, outcome: action === 'user.refused' ? 'failure' : 'success' })
      await usually(120)
    }
    const risks = () => ctx.database.raw.prepare('select event_seq, score, factors from audit_risks').raw().all()
    await story()
    await new Assessor(ctx).assess()
    const whole = risks()
    expect(whole.length).toBeGreaterThan(3)
    for (const assessors of [() => new Assessor(ctx), inTurn()]) {
      ctx.database.raw.exec('delete from audit_risks; delete from audit_assessed')
      while ((await assessors().slice(128)) > 0);
      expect(risks()).toEqual(whole)
    }
  })

  it('is known of every event once, also when two look at once', async () => {
    for (let n = 0; n < 300; n++) await happened('mail_host.removed')
    await Promise.all([new Assessor(ctx).assess(), new Assessor(ctx).assess()])
    const count = (sql: string) => ctx.database.raw.prepare(sql).pluck().get()
    expect(count('select count(*) from audit_risks')).toBe(300)
    expect(count('select seq from audit_assessed')).toBe(lastSeq())
    expect(await new Assessor(ctx).assess()).toBe(0)
  })

  it('is nothing for an event that was not looked at yet', async () => {
    await recordHappening(ctx, 'privacy.erased', { resource: { type: 'subject', id: 'u_x' } })
    expect(riskOfLast()).toEqual({ score: 0, isAnomalous: false, factors: [] })
  })
})

const inTurn = () => {
  let turn = 0
  const two = [new Assessor(ctx), new Assessor(ctx)]
  return () => two[turn++ % 2]!
}
