import { describe, expect, it } from 'vitest'
import { cellsOf, statusIn, stripOf } from './cells'

const WINDOW = { end: 2_400, slots: 24, slotMs: 100 }
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
    expect(stripOf(standing, changes, WINDOW)).toBe(strip)
  })
})

describe('cells', () => {
  it('have one letter a check in registry order, a dot for what is missing', () => {
    expect(
      cellsOf([
        { checkId: 'dns_mx', status: 'fail' },
        { checkId: 'carbonio', status: 'skipped' },
      ]),
    ).toBe('-..F....')
    expect(statusIn('-..F....', 'dns_mx')).toBe('fail')
    expect(statusIn('-..F....', 'dns_spf')).toBeNull()
  })
})
