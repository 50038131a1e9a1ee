import { describe, expect, it } from 'vitest'
import { OWN_EVENTS, OwnPast } from './own-past'
import { ANOMALY_SCORE, type AssessedEvent, factorSentence, type Past, riskOf } from './rules'

/** 2026-01-15, at an hour of UTC. */
const at = (hour: number, minute = 0) => Date.UTC(2026, 0, 15, hour, minute)
/** Tags are hex. */
const [HOME, FAR] = ['aa'.repeat(32), 'bb'.repeat(32)]

function own(count: number, hour: number, address: string | null = HOME, past = new OwnPast()): OwnPast {
  for (let n = 0; n < count; n++) past.add(at(hour), address)
  return past
}

const PLAIN: AssessedEvent = {
  at: at(10),
  category: 'tenant',
  severity: 'low',
  outcome: 'success',
  actorType: 'user',
  address: HOME,
  privilege: false,
}
const USUAL: Past = { own: own(20, 10), failures: 0 }
const signIn = { category: 'authentication' }

describe('the risk of an event', () => {
  it('is nothing when nothing is unusual', () => {
    expect(riskOf(PLAIN, USUAL)).toEqual({ score: 0, factors: [], isAnomalous: false })
  })

  it('is nothing for the first event of somebody', () => {
    expect(riskOf({ ...PLAIN, at: at(3), address: FAR }, { own: new OwnPast(), failures: 0 }).score).toBe(0)
  })

  type Case = [what: string, event: Partial<AssessedEvent>, past: Partial<Past>]
  it.each<[...Case, expected: object]>([
    ['two hours away from all known ones', { at: at(12) }, {}, { code: 'unusual_hour', points: 15, detail: 12 }],
    ['across midnight', { at: at(1) }, { own: own(20, 23) }, { code: 'unusual_hour', points: 15, detail: 1 }],
    ['from another address', { address: FAR }, {}, { code: 'new_address', points: 20 }],
    ['by a program from another address', { address: FAR, actorType: 'service' }, {}, { code: 'new_address', points: 20 }],
    ['signed in after three failures', signIn, { failures: 3 }, { code: 'after_failures', points: 40, detail: 3 }],
    ['changing rights', { privilege: true }, {}, { code: 'privilege_change', points: 25 }],
    ['of medium severity', { severity: 'medium' }, {}, { code: 'severity', points: 5, detail: 'medium' }],
    ['of high severity', { severity: 'high' }, {}, { code: 'severity', points: 20, detail: 'high' }],
    ['of critical severity', { severity: 'critical' }, {}, { code: 'severity', points: 45, detail: 'critical' }],
  ])('grows when it is %s', (_, event, past, factor) => {
    const risk = riskOf({ ...PLAIN, ...event }, { ...USUAL, ...past })
    expect(risk.factors).toEqual([factor])
    expect(risk.score).toBe(risk.factors[0]!.points)
  })

  it.each<Case>([
    ['one hour away from a known one', { at: at(11, 59) }, {}],
    ['an hour away across midnight', { at: at(0) }, { own: own(20, 23) }],
    ['at any hour, of somebody hardly known', { at: at(3) }, { own: own(19, 10) }],
    ['at any hour, of a program', { at: at(3), actorType: 'service' }, {}],
    ['from an address among several', { address: FAR }, { own: own(1, 10, FAR, own(20, 10)) }],
    ['from the first address that is known', {}, { own: own(20, 10, null) }],
    ['from no address', { address: null }, {}],
    ['of the portal itself from elsewhere', { actorType: 'system', address: FAR }, {}],
    ['signed in after two failures', signIn, { failures: 2 }],
    ['failed after three failures', { ...signIn, outcome: 'failure' }, { failures: 3 }],
    ['something else after three failures', {}, { failures: 3 }],
  ])('does not grow when it is %s', (_, event, past) => {
    expect(riskOf({ ...PLAIN, ...event }, { ...USUAL, ...past })).toMatchObject({ score: 0, factors: [] })
  })

  it.each<[...Case, score: number]>([
    ['a right given from a new address', { privilege: true, severity: 'high', address: FAR }, {}, 65],
    ['a right given at night', { privilege: true, severity: 'high', at: at(3) }, {}, 60],
    ['a sign-in after failures from a new address', { ...signIn, address: FAR }, { failures: 5 }, 60],
    ['all at once', { ...signIn, privilege: true, severity: 'critical', at: at(3), address: FAR }, { failures: 9 }, 100],
  ])('makes an anomaly of %s', (_, event, past, score) => {
    expect(riskOf({ ...PLAIN, ...event }, { ...USUAL, ...past })).toMatchObject({ score, isAnomalous: true })
  })

  it.each<[...Case, score: number]>([
    ['a right given as usual', { privilege: true, severity: 'high' }, {}, 45],
    ['a sign-in after failures from home by day', signIn, { failures: 5 }, 40],
    ['a sign-in after failures at night', { ...signIn, at: at(3) }, { failures: 5 }, 55],
  ])('but none of %s', (_, event, past, score) => {
    expect(score).toBeLessThan(ANOMALY_SCORE)
    expect(riskOf({ ...PLAIN, ...event }, { ...USUAL, ...past })).toMatchObject({ score, isAnomalous: false })
  })
})

describe('the own past of an actor', () => {
  it('is of the last 200 events: what came before is forgotten', () => {
    const past = own(OWN_EVENTS - 1, 10, HOME, own(1, 3, FAR))
    expect([past.knowsHour(3), past.knowsAddress(FAR)]).toEqual([true, true])
    past.add(at(10), HOME)
    expect([past.size, past.knowsHour(3), past.knowsAddress(FAR), past.knowsAddress(HOME)]).toEqual([
      OWN_EVENTS,
      false,
      false,
      true,
    ])
  })
})

describe('a factor in words', () => {
  it.each([
    [{ code: 'unusual_hour', detail: 3 }, 'Between 3:00 and 3:59 UTC, when this actor has not been seen before'],
    [{ code: 'new_address' }, 'From an address that this actor has not used before'],
    [{ code: 'after_failures', detail: 7 }, 'After 7 failed attempts within 15 minutes'],
    [{ code: 'privilege_change' }, 'It changes who may do what'],
    [{ code: 'severity', detail: 'high' }, 'An event of high severity'],
    [{ code: 'a_rule_of_old' }, 'a_rule_of_old'],
    [{ code: 'constructor' }, 'constructor'],
  ])('%j', (factor, sentence) => {
    expect(factorSentence(factor)).toBe(sentence)
  })
})
