import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AccessApp, startAccessApp } from '../helpers/access-app'
import { CookieBrowser } from '../helpers/cookie-browser'

vi.mock('nuxt-oidc-auth/runtime/server/utils/session.js', () => import('../helpers/sign-in-module'))
vi.mock('nitropack/runtime', () => import('../helpers/sign-in-module'))

let app: AccessApp
let browser: CookieBrowser
beforeEach(() => {
  browser = new CookieBrowser()
})

const get = (path: string) => browser.request(app.baseUrl + path)

describe('the gate', () => {
  beforeEach(async () => {
    app = await startAccessApp(async () => ({ VIGIA_BOOTSTRAP_TOKEN: 'a bearer of more than 32 characters' }))
  })
  afterEach(() => app.close())

  it('answers 421 to another host, as problem details', async () => {
    const { port } = new URL(app.baseUrl)
    const answer = await fetch(`http://localhost:${port}/api/v1/me`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([421, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ token: 'MISDIRECTED', title: `The portal answers at ${app.baseUrl}` })
  })

  it('answers 302 for pages and 401 for the API without a session', async () => {
    for (const path of ['/', '/tenants/acme?tab=x', '/settings', '/index.html', '/200.html'])
      expect((await get(path)).headers.get('location')).toBe(`/auth/login?next=${encodeURIComponent(path)}`)
    for (const path of ['/api/v1/me', '/api/v1/users']) expect((await get(path)).status).toBe(401)
  })

  it('treats a cookie that it did not seal as none', async () => {
    browser.setCookie(app.baseUrl, 'vigia', 'Fe26.2**forged')
    expect((await get('/api/v1/me')).status).toBe(401)
    expect((await get('/')).status).toBe(302)
  })

  it('refuses a change with a cookie from elsewhere, and lets a bearer change', async () => {
    browser.setCookie(app.baseUrl, 'vigia', 'anything')
    const patch = (headers: Record<string, string>) =>
      browser.request(`${app.baseUrl}/api/v1/users/usr_none`, {
        method: 'PATCH',
        body: '{"active":false}',
        headers: { 'content-type': 'application/json', ...headers },
      })
    const foreign = await patch({ origin: 'https://evil.example' })
    expect([foreign.status, await foreign.json()]).toMatchObject([403, { token: 'CROSS_ORIGIN' }])
    expect((await patch({})).status).toBe(403)
    expect((await patch({ origin: app.baseUrl })).status).toBe(401)
    expect((await patch({ authorization: 'Bearer a bearer of more than 32 characters' })).status).toBe(404)
    expect((await patch({ authorization: 'Bearer of something else entirely, also long' })).status).toBe(401)
  })

  it('hides the routes of the sign-in module that are not ours', async () => {
    for (const [method, path] of [
      ['POST', '/api/_auth/refresh'],
      ['DELETE', '/api/_auth/session'],
      ['GET', '/api/_auth/sso'],
    ] as const)
      expect((await browser.request(app.baseUrl + path, { method })).status).toBe(404)
  })

  it('refuses to change a page', async () => {
    const answer = await browser.request(`${app.baseUrl}/tenants`, { method: 'POST' })
    expect([answer.status, await answer.json()]).toMatchObject([405, { token: 'METHOD_NOT_ALLOWED' }])
  })

  it('sets the security headers on every answer, with a nonce of its own', async () => {
    const nonces = new Set<string>()
    for (const path of ['/', '/api/v1/me', '/no-access', '/auth/login', '/auth/callback', '/application/o/vigia/jwks/']) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy')!
      nonces.add(/'nonce-([^']+)'/.exec(policy)![1]!)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('strict-transport-security')).toBeNull()
    }
    expect(nonces.size).toBe(6)
  })
})
