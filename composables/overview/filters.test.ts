import { describe, expect, it } from 'vitest'
import { isNarrowed, readFilters, writeFilters } from './filters'

describe('the filters of the overview in the URL', () => {
  it('reads what is given and falls back where it is not understood', () => {
    expect(readFilters({ q: 'acme', status: 'failing', sort: 'age', view: 'matrix', failing: ['dns_mx'] })).toEqual({
      q: 'acme',
      status: 'failing',
      failing: undefined,
      partner: undefined,
      plan: undefined,
      sort: 'worst',
      view: 'matrix',
    })
  })

  it('writes only what differs from the default and keeps what is not its own', () => {
    const query = writeFilters(
      { tenant: 'acme', q: 'x', view: 'rows' },
      { q: '', view: 'cards', status: 'failing', sort: 'name' },
    )
    expect(query).toEqual({ tenant: 'acme', status: 'failing', sort: 'name' })
  })

  it('knows a narrowed list from a merely sorted one', () => {
    expect(isNarrowed(readFilters({ sort: 'name', view: 'rows' }))).toBe(false)
    expect(isNarrowed(readFilters({ plan: 'pro' }))).toBe(true)
  })
})
