import { describe, expect, it } from 'vitest'
import { depthOf } from './strict-json'

describe('the depth of a JSON text', () => {
  it.each([
    ['1', 0],
    ['{}', 1],
    ['[[],[]]', 2],
    ['{"a":{"b":[1]}}', 3],
    ['"[[[["', 0],
    [String.raw`{"a":"\"[[["}`, 1],
    [String.raw`{"a\\":["x\\"]}`, 2],
    ['[[[', 3],
    ['"[[[', 0],
  ])('%s is %i deep', (text, depth) => expect(depthOf(text)).toBe(depth))

  it('is found of a long text of one kind without a stack', () => {
    expect(depthOf('['.repeat(1_000_000))).toBe(1_000_000)
    expect(depthOf(`"${'\\"'.repeat(300_000)}`)).toBe(0)
  })
})
