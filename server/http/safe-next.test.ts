import { expect, it } from 'vitest'
import { safeNext } from './safe-next'

const BASE = 'https://portal.example'

it.each(['/', '/tenants/acme?tab=audit#top', '/settings/mail-hosts'])('keeps the path %s', (next) => {
  expect(safeNext(next, BASE)).toBe(next)
})

it.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '/./\\evil.example',
  '/.//evil.example/',
  'javascript:alert(1)',
  '/auth/login',
  '/auth',
  '/api/v1/me',
  '/no-access',
  `/${'a'.repeat(3_000)}`,
  '',
  undefined,
  ['/tenants'],
])('leads home instead of to %j', (next) => {
  expect(safeNext(next, BASE)).toBe('/')
})
