import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daySeconds } from './day-seconds'

const DAY = 86_400_000

describe('seconds by the day', () => {
  it.each([
    ['within one day', 1_000, 61_000, [{ day: 0, seconds: 60 }]],
    [
      'over midnight',
      DAY - 60_000,
      DAY + 30_000,
      [
        { day: 0, seconds: 60 },
        { day: 1, seconds: 30 },
      ],
    ],
    ['none when the clock was set back', 5_000, 1_000, []],
    ['only as far as somebody watched', 0, DAY, [{ day: 0, seconds: 1_200 }]],
  ])('%s', (_, from, to, parts) => expect(daySeconds(from, to, _ === 'over midnight' ? DAY : 1_200_000)).toEqual(parts))

  it('of many short looks are as many as of one long one', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 3 * DAY }), { minLength: 2, maxLength: 50 })
    const total = (parts: { seconds: number }[]) => parts.reduce((sum, { seconds }) => sum + seconds, 0)
    fc.assert(
      fc.property(moments, (unsorted) => {
        const at = unsorted.sort((one, other) => one - other)
        const short = at.slice(1).flatMap((to, place) => daySeconds(at[place]!, to, Infinity))
        expect(total(short)).toBe(total(daySeconds(at[0]!, at.at(-1)!, Infinity)))
      }),
    )
  })
})
