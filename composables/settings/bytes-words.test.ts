import { expect, it } from 'vitest'
import { bytesWords } from './bytes-words'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [812_000_000, '812 MB'],
  [52_400_000_000, '52 GB'],
  [4e15, '4000 TB'],
])('says %d bytes', (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words)
})
