import { describe, expect, it } from 'vitest'
import { barsOf, barsWithin, endsAt } from './bars'

const HOUR = 3_600_000
const at = (hour: number) => new Date(hour * HOUR).toISOString()
const bar = (hour: number, success: number) => ({ at: at(hour), success, failure: 0, partial: 0, pending: 0 })
const histogram = (...bars: ReturnType<typeof bar>[]) => ({ stepMs: HOUR, bars, asOf: at(9), countedBackTo: null })
const counts = (bars: { success: number }[]) => bars.map(({ success }) => success)

describe('the bars of a histogram', () => {
  it('reach from the beginning of the range to now', () => {
    expect(counts(barsOf(histogram(bar(3, 5)), { since: at(2) }, 5.5 * HOUR))).toEqual([0, 5, 0, 0])
  })

  it('end before the moment that the range ends at', () => {
    expect(counts(barsOf(histogram(bar(3, 5)), { since: at(3), until: at(5) }, 9 * HOUR))).toEqual([5, 0])
  })

  it('begin with the first event where the range has no beginning', () => {
    expect(counts(barsOf(histogram(bar(3, 5), bar(5, 1)), {}, 6 * HOUR))).toEqual([5, 0, 1, 0])
    expect(barsOf(histogram(), {}, 6 * HOUR)).toEqual([])
  })

  it('are only those that hold something where there would be too many', () => {
    expect(counts(barsOf(histogram(bar(-3_000_000, 2), bar(1, 1)), {}, 6 * HOUR))).toEqual([2, 1])
  })

  it.each([
    ['a span that ends now', {}, [bar(3, 5)], true],
    ['a range that is over', { until: at(5) }, [bar(3, 5)], false],
    ['a date in the future', {}, [bar(3, 5), bar(9, 1)], false],
    ['too many to be filled up to now', {}, [bar(-3_000_000, 2), bar(1, 1)], false],
    ['none', {}, [], false],
  ])('end with the present one or not: %s', (_, range, bars, isNow) => {
    expect(endsAt(barsOf(histogram(...bars), range, 6.5 * HOUR), HOUR, 6.5 * HOUR)).toBe(isNow)
  })

  it('are covered by a stretch of time in part or in whole', () => {
    const bars = barsOf(histogram(bar(0, 1), bar(3, 1)), { since: at(0) }, 3.5 * HOUR)
    expect(barsWithin(bars, HOUR, { fromMs: 1.5 * HOUR, toMs: 3 * HOUR })).toEqual({ first: 1, last: 2 })
    expect(barsWithin(bars, HOUR, { fromMs: 8 * HOUR, toMs: 9 * HOUR })).toBeNull()
  })
})
