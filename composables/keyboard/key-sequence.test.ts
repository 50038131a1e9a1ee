import { describe, expect, it } from 'vitest'
import { keySequence } from './key-sequence'

const KNOWN = new Set(['/', 'j', 'o', 'g o', 'g t'])
const type = (...presses: [key: string, at: number][]) => {
  const follow = keySequence((combination) => KNOWN.has(combination))
  return presses.map(([key, at]) => follow({ key, at }))
}

describe('keySequence', () => {
  it.each([
    { name: 'one key by itself', presses: [['/', 0]], want: ['/'] },
    {
      name: 'two keys after each other',
      presses: [
        ['g', 0],
        ['t', 500],
      ],
      want: [null, 'g t'],
    },
    {
      name: 'the longer combination before the single key',
      presses: [
        ['g', 0],
        ['o', 1200],
      ],
      want: [null, 'g o'],
    },
    {
      name: 'a second key that comes too late stands alone',
      presses: [
        ['g', 0],
        ['o', 1201],
      ],
      want: [null, 'o'],
    },
    {
      name: 'a wrong second key that is known by itself',
      presses: [
        ['g', 0],
        ['j', 10],
      ],
      want: [null, 'j'],
    },
    {
      name: 'a wrong second key may begin anew',
      presses: [
        ['x', 0],
        ['g', 10],
        ['t', 20],
      ],
      want: [null, null, 'g t'],
    },
    {
      name: 'nothing is left over after a hit',
      presses: [
        ['g', 0],
        ['o', 1],
        ['t', 2],
      ],
      want: [null, 'g o', null],
    },
  ] as { name: string; presses: [string, number][]; want: (string | null)[] }[])('$name', ({ presses, want }) => {
    expect(type(...presses)).toEqual(want)
  })
})
