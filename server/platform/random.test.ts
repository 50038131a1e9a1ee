import { describe, expect, it } from 'vitest'
import { freshBytes } from './random'

describe('random bytes from the pool', () => {
  it('are as many as asked for, and none twice, across many fillings', () => {
    const drawn = Array.from({ length: 2_000 }, () => freshBytes(12))
    expect(drawn.every((bytes) => bytes.length === 12)).toBe(true)
    expect(new Set(drawn.map((bytes) => bytes.toString('hex'))).size).toBe(2_000)
  })

  it('stay as they were when the next ones are drawn, and belong to nobody else', () => {
    const bytes = freshBytes(32)
    const before = bytes.toString('hex')
    for (let n = 0; n < 500; n++) freshBytes(32)
    expect(bytes.toString('hex')).toBe(before)
  })

  it('may be more than the pool holds', () => {
    expect(freshBytes(10_000).subarray(5_000).equals(Buffer.alloc(5_000))).toBe(false)
    expect(freshBytes(10_000)).toHaveLength(10_000)
  })
})
