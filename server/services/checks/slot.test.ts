import { describe, expect, it } from 'vitest'
import { nextSlot } from './slot'

const INTERVAL = 600_000
const NOW = Date.UTC(2026, 0, 15, 12, 3)

describe('the slot of a domain', () => {
  it('lies after now and at most one interval ahead', () => {
    for (let i = 0; i < 500; i++) {
      const due = nextSlot(`domain-${i}`, NOW, INTERVAL)
      expect(due).toBeGreaterThan(NOW)
      expect(due).toBeLessThanOrEqual(NOW + INTERVAL)
    }
  })

  it('keeps its place from interval to interval', () => {
    const first = nextSlot('d', NOW, INTERVAL)
    expect(nextSlot('d', first, INTERVAL)).toBe(first + INTERVAL)
    expect(nextSlot('d', first + 3.5 * INTERVAL, INTERVAL)).toBe(first + 4 * INTERVAL)
  })

  it('spreads domains evenly over the interval', () => {
    const tenths = Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) tenths[Math.floor((nextSlot(`domain-${i}`, NOW, INTERVAL) % INTERVAL) / (INTERVAL / 10))]!++
    expect(Math.min(...tenths)).toBeGreaterThan(850)
    expect(Math.max(...tenths)).toBeLessThan(1_150)
  })
})
