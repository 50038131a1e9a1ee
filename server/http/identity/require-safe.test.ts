import { expect, it } from 'vitest'
import { requireSafeIdentity } from './require-safe'

const HERE = { oidc: null, host: '127.0.0.1', baseUrl: 'http://127.0.0.1:3000' }
const outside = (issuer: string) => ({
  oidc: { issuer, clientId: 'vigia', clientSecret: 'secret' },
  host: '0.0.0.0',
  baseUrl: 'https://portal.example',
})

it.each([
  ['the embedded provider on this machine', HERE],
  ['the embedded provider on ::1', { ...HERE, host: '::1', baseUrl: 'http://[::1]:3000' }],
  ['an outside provider over TLS', outside('https://id.example/application/o/vigia/')],
  ['an outside provider that runs here', outside('http://127.0.0.1:9000/application/o/vigia/')],
])('starts with %s', (_, config) => {
  expect(() => requireSafeIdentity(config)).not.toThrow()
})

it.each([
  ['HOST', { ...HERE, host: '0.0.0.0' }],
  ['HOST', { ...HERE, host: '::' }],
  ['VIGIA_BASE_URL', { ...HERE, baseUrl: 'https://portal.example' }],
  ['VIGIA_BASE_URL', { ...HERE, baseUrl: 'http://127.0.0.1.example:3000' }],
  ['VIGIA_OIDC_ISSUER', outside('http://id.example/')],
])('stops the start and names %s', (name, config) => {
  expect(() => requireSafeIdentity(config)).toThrow(new RegExp(`\\n {2}${name}: `))
})
