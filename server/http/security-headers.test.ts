import { expect, it } from 'vitest'
import { nonceScripts, securityHeaders } from './security-headers'

const settings = { https: true, identityOrigin: 'https://id.example', dev: false }

it('lets scripts run by nonce alone, and forms lead to the identity provider', () => {
  const policy = securityHeaders(settings, 'abc')['content-security-policy']!
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining([
      "default-src 'self'",
      "script-src 'self' 'nonce-abc'",
      "form-action 'self' https://id.example",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "object-src 'none'",
    ]),
  )
})

it('asks for TLS for ever only where there is TLS', () => {
  expect(securityHeaders(settings, 'x')).toHaveProperty('strict-transport-security')
  expect(securityHeaders({ ...settings, https: false }, 'x')).not.toHaveProperty('strict-transport-security')
})

it('gives every script element the nonce, and nothing else', () => {
  const html = {
    head: ['<script src="/a.js"></script><link rel="x">'],
    bodyPrepend: [],
    body: ['<p>scripts</p><scripty>'],
    bodyAppend: ['<script>1</script>', '<script type="application/json">{}</script>'],
  }
  nonceScripts(html, 'n')
  expect(html).toEqual({
    head: ['<script nonce="n" src="/a.js"></script><link rel="x">'],
    bodyPrepend: [],
    body: ['<p>scripts</p><scripty>'],
    bodyAppend: ['<script nonce="n">1</script>', '<script nonce="n" type="application/json">{}</script>'],
  })
})
