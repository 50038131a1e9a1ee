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

  it('has a status for a domain without checks', () => {
    expect(domainStatus([])).toBe('pending')
  })
})
