import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statusOf } from './cells'
import { markStrip, stripNow, stripOf, worstLetter } from './strip'

const KIND = { slots: 24, slotMs: 100 }
const END = 2_399
const change = (at: number, fromStatus: string | null, toStatus: string, checkId = 'dns_mx') => ({
  checkId,
  at,
  fromStatus,
  toStatus,
})

describe('a strip', () => {
  it.each([
    ['one letter all along without a change', [{ checkId: 'dns_mx', status: 'pass' as const }], [], 'PPPPPPPPPPPPPPPPPPPPPPPP'],
    [
      'dots before the first look',
      [{ checkId: 'dns_mx', status: 'pass' as const }],
      [change(2_000, null, 'pass')],
      '....................PPPP',
    ],
    [
      'the worst of an hour that saw a short failure',
      [{ checkId: 'dns_mx', status: 'pass' as const }],
      [change(510, 'pass', 'fail'), change(520, 'fail', 'pass')],
      'PPPPPFPPPPPPPPPPPPPPPPPP',
    ],
    [
      'a failure until it ended',
      [{ checkId: 'dns_mx', status: 'warn' as const }],
      [change(1_000, 'fail', 'warn')],
      'FFFFFFFFFFWWWWWWWWWWWWWW',
    ],
    [
      'the worst of several checks',
      [
        { checkId: 'dns_mx', status: 'pass' as const },
        { checkId: 'dns_spf', status: 'unknown' as const },
      ],
      [change(2_300, 'pass', 'unknown', 'dns_spf')],
      'PPPPPPPPPPPPPPPPPPPPPPP?',
    ],
    ['nothing for a domain that was never looked at', [], [], '........................'],
  ])('shows %s', (_, standing, changes, strip) => {
    expect(stripOf(standing, changes, END, KIND)).toBe(strip)
  })
})

describe('a domain’s letter', () => {
  it.each([
    ['PPPPPPPP', 'P'],
    ['PWPPP?FP', 'F'],
    ['PWPPP?PP', '?'],
    ['PfPPPwPP', 'P'],
    ['ff------', '-'],
    ['........', '.'],
    ['', '.'],
  ])('%s is %s', (cells, letter) => expect(worstLetter(cells)).toBe(letter))
})

describe('a strip that is kept', () => {
  it('shows what stood in the slots that began since', () => {
    expect(stripNow({ letters: 'PPPPPPPPPPPPPPPPPPPPPPPF', at: 2_310 }, 'P', 2_510, KIND)).toBe('PPPPPPPPPPPPPPPPPPPPPFPP')
    expect(stripNow({ letters: '', at: null }, '.', 2_510, KIND)).toBe('.'.repeat(24))
    expect(stripNow({ letters: 'F'.repeat(24), at: 2_310 }, 'W', 999_999_999, KIND)).toBe('W'.repeat(24))
  })

  it('stays as it is when the clock is set back', () => {
    const letters = 'PPPPPPPPPPPPPPPPPPPPPPPF'
    expect(stripNow({ letters, at: 2_310 }, 'P', 510, KIND)).toBe(letters)
  })

  it('says the same as one made from the history, whatever happened when', () => {
    const look = fc.record({ after: fc.integer({ min: 1, max: 700 }), letter: fc.constantFrom('P', 'W', 'F', '?') })
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 500 }), (looks, later) => {
        let [at, letters, stands, stripAt] = [10_000, '', '.', null as number | null]
        const changes = looks.flatMap(({ after, letter }) => {
          at += after
          letters = markStrip({ letters, at: stripAt }, [stands, letter], at, KIND)
          const [from, to] = [statusOf(stands), statusOf(letter)!]
          stands = letter
          stripAt = at
          return from === to ? [] : [change(at, from, to)]
        })
        const now = at + later
        const made = stripOf([{ checkId: 'dns_mx', status: statusOf(stands)! }], changes, now, KIND)
        expect(stripNow({ letters, at: stripAt }, stands, now, KIND)).toBe(made)
      }),
    )
  })
})
