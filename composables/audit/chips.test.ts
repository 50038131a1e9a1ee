import { expect, it } from 'vitest'
import { CATEGORIES } from '#shared/audit-words'
import { CHIPS } from './chips'

it('has every category behind one chip', () => {
  expect(CHIPS.flatMap(({ categories }) => [...categories]).sort()).toEqual([...CATEGORIES].sort())
})
