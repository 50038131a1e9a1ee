import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckStatus } from '#shared/schemas/checks'
import { domainStatus, scoreOf, type Score } from './score'

/** A letter for a check; behind `?` may stand what was known last: `?P`. `.` was never looked at. */
const STATUS: Record<string, CheckStatus | null> = { P: 'pass', W: 'warn', F: 'fail', '?': 'unknown', '-': 'skipped', '.': null }
const read = (text: string) =>
  text
    .split(' ')
    .map((one) => ({ status: STATUS[one[0] ?? '.'] ?? null, ...(one[1] ? { lastKnown: STATUS[one[1]] ?? null } : {}) }))

describe('the score', () => {
  it.each<[string, string, Omit<Score, 'cells'>]>([
    ['all pass', 'P P P P P P P P', { score: 8, max: 8, status: 'healthy' }],
    ['a warning counts', 'P W P P P P P P', { score: 8, max: 8, status: 'degraded' }],
    ['a fail does not', 'P W F P P P P P', { score: 7, max: 8, status: 'failing' }],
    ['all fail', 'F F F F F F F F', { score: 0, max: 8, status: 'failing' }],
    ['skipped shrinks the denominator', '- - - P P - P -', { score: 3, max: 3, status: 'healthy' }],
    ['unknown counts as it was known last', 'P P P ?P P P P P', { score: 8, max: 8, status: 'unknown' }],
    ['unknown after a warning', 'P P P ?W P P P P', { score: 8, max: 8, status: 'unknown' }],
    ['unknown after a fail is not failing, but scores as it did', 'P P P ?F P P P P', { score: 7, max: 8, status: 'unknown' }],
    ['unknown that was skipped before is out of the denominator', 'P P P ?- P P P P', { score: 7, max: 7, status: 'unknown' }],
    ['never known is out of the denominator', 'P P P ? P P P P', { score: 7, max: 7, status: 'unknown' }],
    ['nothing known at all', '? ? ? ? ? ? ? ?', { score: null, max: null, status: 'unknown' }],
    ['nothing looked at', '. . . . . . . .', { score: null, max: null, status: 'pending' }],
    ['some not looked at yet', '. . . P P . . .', { score: 2, max: 2, status: 'healthy' }],
    ['a fail beats an unknown', 'F ? P P P P P P', { score: 6, max: 7, status: 'failing' }],
    ['an unknown beats a warning', 'W ? P P P P P P', { score: 7, max: 7, status: 'unknown' }],
    ['all skipped', '- - - - - - - -', { score: null, max: null, status: 'healthy' }],
  ])('%s', (_, text, score) => {
    expect(scoreOf(read(text))).toEqual({ ...score, cells: text.replace(/(.)[^ ]?( |$)/g, '$1') })
  })

  it.each<[string, number[], Omit<Score, 'cells'>]>([
    ['an accepted failure is out of the denominator and of the status', [1], { score: 2, max: 2, status: 'degraded' }],
    ['an accepted warning too', [2], { score: 1, max: 2, status: 'failing' }],
    ['with both accepted all is well', [1, 2], { score: 1, max: 1, status: 'healthy' }],
    ['with all accepted nothing is left to count', [0, 1, 2], { score: null, max: null, status: 'healthy' }],
  ])('%s', (_, accepted, score) => {
    const checks = read('P F W').map((check, place) => ({ ...check, accepted: accepted.includes(place) }))
    expect(scoreOf(checks)).toMatchObject(score)
  })

  it('stays within 0 and its denominator, and that within the checks, whatever is accepted; accepting never makes it worse', () => {
    const status = fc.constantFrom(...Object.values(STATUS))
    const check = fc.record({ status, lastKnown: status, accepted: fc.boolean() })
    fc.assert(
      fc.property(fc.array(check, { maxLength: 8 }), (all) => {
        // Only a warning or failure can be accepted.
        const checks = all.map((one) => {
          const known = one.status === 'unknown' ? one.lastKnown : one.status
          return { ...one, accepted: one.accepted && (known === 'fail' || known === 'warn') }
        })
        const { score, max, status: stands, cells } = scoreOf(checks)
        const before = scoreOf(checks.map((one) => ({ ...one, accepted: false })))
        expect(cells).toHaveLength(checks.length)
        expect(score === null).toBe(max === null)
        if (score === null || max === null) return
        expect(score).toBeGreaterThanOrEqual(0)
        expect(max).toBeGreaterThanOrEqual(score)
        expect(checks.length).toBeGreaterThanOrEqual(max)
        expect(max - score).toBeLessThanOrEqual(before.max! - before.score!)
        const order = ['failing', 'unknown', 'degraded', 'healthy', 'pending']
        expect(order.indexOf(stands)).toBeGreaterThanOrEqual(order.indexOf(before.status))
      }),
    )
  })

  it('has a status for a domain without checks', () => {
    expect(domainStatus([])).toBe('pending')
  })
})
