import { expect, it } from 'vitest'
import { heloName } from './helo-name'

it.each([
  ['https://vigia.example.org', 'vigia.example.org'],
  ['http://localhost:3000', '[127.0.0.1]'],
  ['http://192.0.2.7:3000', '[192.0.2.7]'],
  ['http://[2001:db8::7]:3000', '[IPv6:2001:db8::7]'],
])('calls itself by %s: %s', (baseUrl, name) => {
  expect(heloName(baseUrl)).toBe(name)
})
