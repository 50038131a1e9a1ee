import { describe, expect, it } from 'vitest'
import { cellsOf, isAccepted, letterOf, statusIn } from './cells'

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

  it('write small what somebody accepted, and still tell its status', () => {
    expect([letterOf('fail', true), letterOf('warn', true), letterOf('fail')]).toEqual(['f', 'w', 'F'])
    expect(statusIn('...f....', 'dns_mx')).toBe('fail')
    expect([...'fwFW?.'].filter(isAccepted)).toEqual(['f', 'w'])
  })
})
