import { describe, expect, it } from 'vitest'
import { absoluteTime, durationWords, relativeTime } from './time-words'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-11-20T14:00:00.000Z')
const at = (offsetMs: number) => new Date(NOW + offsetMs).toISOString()

describe('durationWords', () => {
  it.each([
    [-1, '0 s'],
    [40_000, '40 s'],
    [9 * MINUTE + 59_000, '9 min'],
    [2 * HOUR + 10 * MINUTE, '2 h 10 min'],
    [2 * HOUR, '2 h'],
    [47 * HOUR, '47 h'],
    [48 * HOUR, '2 d'],
  ])('%i ms is %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words)
  })
})

describe('relativeTime', () => {
  it.each([
    ['what was', -3 * MINUTE, '3 min ago'],
    ['what comes', 9 * MINUTE, 'in 9 min'],
    ['what is within five seconds', -4_999, 'just now'],
  ])('tells %s', (_, offsetMs, words) => {
    expect(relativeTime(at(offsetMs), NOW)).toBe(words)
  })

  it('leaves the direction out where the heading says it', () => {
    expect(relativeTime(at(-3 * MINUTE), NOW, { bare: true })).toBe('3 min')
  })

  it('shows a dash for what is no time', () => {
    expect(relativeTime('never', NOW)).toBe('–')
  })
})

describe('absoluteTime', () => {
  it('names the day, the second and a zone', () => {
    expect(absoluteTime(at(0))).toMatch(/20 Nov 2026.*\d{2}:\d{2}:00 \S+/)
  })
})
