import { expect, it } from 'vitest'
import { ruleAddress } from './rule-address'

it.each([
  ['RFC 7208 §4.6.4', 'https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4'],
  ['RFC 7505 §3', 'https://www.rfc-editor.org/rfc/rfc7505#section-3'],
  ['RFC 8461', 'https://www.rfc-editor.org/rfc/rfc8461'],
  ['Our own threshold', null],
])('finds where %s can be read', (rule, address) => {
  expect(ruleAddress(rule)).toBe(address)
})
