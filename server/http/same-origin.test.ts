import { expect, it } from 'vitest'
import { isOwnHost, isOwnRequest } from './same-origin'

const BASE = 'https://portal.example'
const cookie = 'vigia=x'

it.each([
  ['a read', 'GET', { cookie }],
  ['a change with our Origin', 'POST', { cookie, origin: BASE }],
  ['a change that the browser calls same-origin', 'POST', { cookie, 'sec-fetch-site': 'same-origin' }],
  ['a form of ours under a strict referrer policy', 'POST', { cookie, origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ['a change that the person made by hand', 'POST', { cookie, 'sec-fetch-site': 'none' }],
  ['a program without a cookie', 'POST', {}],
  ['a bearer, whatever came with it', 'DELETE', { cookie, authorization: 'Bearer x', origin: 'https://evil.example' }],
])('lets %s through', (_, method, headers) => {
  expect(isOwnRequest(method, headers, BASE)).toBe(true)
})

it.each([
  ['with a cookie alone', { cookie }],
  ['from another origin', { cookie, origin: 'https://evil.example' }],
  [
    'from another origin that claims to be same-origin',
    { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ],
  ['from another scheme', { cookie, origin: 'http://portal.example' }],
  ['from a sister host', { cookie, 'sec-fetch-site': 'same-site' }],
  ['from another site', { cookie, 'sec-fetch-site': 'cross-site' }],
  ['from an opaque origin', { cookie, origin: 'null' }],
  ['with basic credentials', { cookie, authorization: 'Basic x' }],
])('refuses a change %s', (_, headers) => {
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) expect(isOwnRequest(method, headers, BASE)).toBe(false)
})

it.each([
  ['portal.example', BASE, true],
  ['PORTAL.example', BASE, true],
  ['portal.example:443', BASE, true],
  ['portal.example:8443', BASE, false],
  ['portal.example.evil.example', BASE, false],
  ['evil.example', BASE, false],
  ['portal.example/@evil', BASE, false],
  ['user@portal.example', BASE, false],
  [undefined, BASE, false],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000', true],
  ['localhost:3000', 'http://127.0.0.1:3000', false],
  ['[::1]:3000', 'http://[::1]:3000', true],
])('judges Host %s for %s as %s', (host, base, expected) => {
  expect(isOwnHost(host, base)).toBe(expected)
})
