import { expect, it } from 'vitest'
import { keeping } from './kept'

it('makes an answer once, and again when it was the one not used for longest', () => {
  const made: string[] = []
  const upper = keeping(2, (key) => {
    made.push(key)
    return key.toUpperCase()
  })
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(upper)).toEqual(['A', 'B', 'A', 'C', 'A', 'B'])
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('keeps nothing of an answer that failed', () => {
  let calls = 0
  const failing = keeping(2, () => {
    calls++
    throw new Error('no')
  })
  expect(() => failing('a')).toThrow('no')
  expect(() => failing('a')).toThrow('no')
  expect(calls).toBe(2)
})
