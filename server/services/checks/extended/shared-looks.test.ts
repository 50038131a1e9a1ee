import { describe, expect, it } from 'vitest'
import { SharedLooks } from './shared-looks'

const HOUR = 3_600_000

function shelf() {
  const clock = { now: 0 }
  const looks = new SharedLooks(() => clock.now)
  let made = 0
  const take = (key = 'host', maxAgeMs = HOUR, keep?: (value: number) => boolean) =>
    looks.take(key, maxAgeMs, () => Promise.resolve(++made), keep)
  return { clock, looks, take }
}

describe('looks that are shared for longer than a cycle', () => {
  it('are made once for all who ask within the interval, and anew after it', async () => {
    const { clock, take } = shelf()
    expect(await Promise.all([take(), take()])).toEqual([1, 1])
    clock.now = HOUR - 1
    expect(await take()).toBe(1)
    clock.now = HOUR
    expect(await take()).toBe(2)
  })

  it('are young enough or not by the interval of who asks', async () => {
    const { clock, take } = shelf()
    await take()
    clock.now = HOUR / 2
    expect(await take('host', HOUR)).toBe(1)
    expect(await take('host', HOUR / 4)).toBe(2)
  })

  it('are shared for a minute only when the result is not to be kept', async () => {
    const { clock, take } = shelf()
    const never = () => false
    await take('host', HOUR, never)
    clock.now = 59_999
    expect(await take('host', HOUR, never)).toBe(1)
    clock.now = 60_000
    expect(await take('host', HOUR, never)).toBe(2)
  })

  it('are made anew when the clock was set back', async () => {
    const { clock, take } = shelf()
    clock.now = HOUR
    await take()
    clock.now = 0
    expect(await take()).toBe(2)
  })

  it('do not stick when they threw', async () => {
    const { looks, take } = shelf()
    await expect(looks.take('host', HOUR, () => Promise.reject(new Error('a fault of ours')))).rejects.toThrow()
    expect(await take()).toBe(1)
  })

  it('are bounded: the oldest is forgotten first', async () => {
    const { take } = shelf()
    for (let i = 0; i <= 5_000; i++) await take(`host ${i}`)
    expect(await take('host 5000')).toBe(5_001)
    expect(await take('host 0')).toBe(5_002)
  })
})
