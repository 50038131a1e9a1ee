import { expect, it } from 'vitest'
import { pastedDomains } from './bulk-lines'

it('finds the names in what people paste', () => {
  expect(pastedDomains('a.example\r\nb.example, c.example;d.example\n\n# old\n e.example # keep\n')).toEqual([
    'a.example',
    'b.example',
    'c.example',
    'd.example',
    'e.example',
  ])
})
