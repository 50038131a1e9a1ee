import { describe, expect, it } from 'vitest'
import { dayOf, dayWords } from './days'

const local = (text: string) => new Date(text).toISOString()
const NOW = new Date('2026-01-15T00:30:00').getTime()

describe('a day', () => {
  it('ends at midnight where the reader is', () => {
    expect(dayOf(local('2026-01-14T23:59:59'))).toBe('2026-01-14')
    expect(dayOf(local('2026-01-15T00:00:00'))).toBe('2026-01-15')
  })

  it.each([
    ['2026-01-15T00:10:00', 'Today', '15 Jan'],
    ['2026-01-14T23:00:00', 'Yesterday', '14 Jan'],
    ['2026-01-13T12:00:00', 'Tuesday', '13 Jan'],
    ['2025-12-31T12:00:00', 'Wednesday', '31 Dec 2025'],
  ])('is called by its name: %s', (at, name, date) => {
    expect(dayWords(local(at), NOW)).toEqual({ name, date })
  })
})
