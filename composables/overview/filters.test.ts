import { describe, expect, it } from 'vitest'
import type { Incident } from '#shared/schemas/overview'
import { filtersOf, isNarrowed, readFilters, writeFilters } from './filters'

describe('the filters of the overview in the URL', () => {
  it('reads what is given and falls back where it is not understood', () => {
    expect(readFilters({ q: 'acme', status: 'failing', sort: 'age', view: 'matrix', failing: ['dns_mx'] })).toEqual({
      q: 'acme',
      status: 'failing',
      failing: undefined,
      partner: undefined,
      plan: undefined,
      mailHost: undefined,
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
    expect(isNarrowed(readFilters({ mailHost: 'h_1' }))).toBe(true)
  })

  it.each([
    ['fail', { tenant: 'acme', mailHost: 'h_1', failing: 'carbonio' }],
    ['unknown', { tenant: 'acme', mailHost: 'h_1' }],
  ] as const)('become those of an incident whose check says %s, whatever was chosen before', (status, want) => {
    const incident: Incident = {
      ...{ mailHost: { id: 'h_1', name: 'Lisbon' }, checkId: 'carbonio', status, reason: 'host-down', message: 'It is down.' },
      ...{ domains: 3, since: '2026-01-15T12:00:00.000Z' },
    }
    const before = { tenant: 'acme', q: 'x', plan: 'pro', failing: 'dns_mx', status: 'healthy' }
    expect(writeFilters(before, filtersOf(incident))).toEqual(want)
  })
})
