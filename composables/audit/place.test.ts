import { describe, expect, it } from 'vitest'
import { filterOf, moved, placeOf, readPlace, viewOf, windowOf, writePlace } from './place'

const NOW = Date.parse('2026-01-15T12:34:56Z')

describe('the place in the timeline', () => {
  it.each([
    ['nothing', {}],
    ['filters', { tenant: 'acme', partner: 'norte', outcome: 'failure,partial', action: 'tenant.*', ip: '192.0.2.7', q: 'a b' }],
    ['a span', { range: '24h' }],
    ['a range', { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }],
    ['a stretch of the histogram', { range: 'all', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
    ['what is not its own', { event: 'ev_1', tail: '1' }],
  ])('reads back what it writes: %s', (_, query) => {
    expect(writePlace(query, readPlace(query))).toEqual(query)
  })

  it('takes what it does not understand for not given', () => {
    const place = readPlace({
      outcome: 'bad',
      ip: '10.0',
      risk: '101',
      range: 'toString',
      since: 'yesterday',
      q: ['word', 'other'],
    })
    expect(place).toMatchObject({ filter: { q: 'word' }, range: '7d' })
    expect(place.ignored).toEqual(['outcome=bad', 'ip=10.0', 'risk=101', 'since=yesterday', 'range=toString'])
    expect(readPlace({ outcome: 'failure', event: 'ev_1' }).ignored).toEqual([])
  })

  it('begins a span at a whole hour, and the last hour at a whole minute within it', () => {
    expect(windowOf(readPlace({ range: '24h' }), NOW)).toEqual({ since: '2026-01-14T12:00:00.000Z' })
    expect(windowOf(readPlace({ range: '1h' }), NOW)).toEqual({ since: '2026-01-15T11:35:00.000Z' })
    expect(windowOf(readPlace({ range: 'all' }), NOW)).toEqual({})
  })

  it('narrows a span to the stretch that is picked, until another span is chosen', () => {
    const place = readPlace({ from: '2026-01-15T01:00:00Z', to: '2026-01-15T02:00:00Z', tenant: 'acme' })
    expect(filterOf(place, NOW)).toEqual({ tenantSlug: 'acme', since: '2026-01-15T01:00:00Z', until: '2026-01-15T02:00:00Z' })
    expect(writePlace({}, moved(place, { range: '24h' }))).toEqual({ tenant: 'acme', range: '24h' })
  })

  it.each([
    ['a span that goes on', { outcome: 'failure', range: '24h' }],
    ['the span that is the default', { tenant: 'acme' }],
    ['two moments', { action: 'tenant.*', since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }],
  ])('is found again from a view of it: %s', (_, query) => {
    const view = viewOf(readPlace(query))
    expect(writePlace({}, moved(readPlace({ q: 'other', range: '30d' }), placeOf(view)))).toEqual(query)
  })

  it('keeps its range for a view without a time', () => {
    const place = moved(readPlace({ range: '30d' }), placeOf({ outcome: 'failure' }))
    expect(writePlace({}, place)).toEqual({ outcome: 'failure', range: '30d' })
  })
})
