import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditEvents, oidcRecords, sessions, users } from '#drizzle/schema/sqlite'
import { createFirstOperator, resetOperator, setUserActive, signIn } from '#server/services/access'
import { type AccessApp, startAccessApp } from '../helpers/access-app'
import { CookieBrowser } from '../helpers/cookie-browser'
import { CLIENT, type OutsideProvider, startOutsideProvider } from '../helpers/outside-provider'

vi.mock('nuxt-oidc-auth/runtime/server/utils/session.js', () => import('../helpers/sign-in-module'))
vi.mock('nitropack/runtime', () => import('../helpers/sign-in-module'))

const MINUTE_MS = 60_000

let app: AccessApp
let browser: CookieBrowser
beforeEach(() => {
  browser = new CookieBrowser()
})

const recorded = async () =>
  (await app.ctx.db.select().from(auditEvents)).map(({ action, content }) => [
    action,
    (JSON.parse(content) as { data?: { reason?: string } }).data?.reason,
  ])
const get = (path: string) => browser.request(app.baseUrl + path)
const post = (path: string, headers: Record<string, string> = { origin: app.baseUrl }) =>
  browser.request(app.baseUrl + path, { method: 'POST', headers })

describe('with an outside provider', () => {
  let outside: OutsideProvider
  beforeEach(async () => {
    app = await startAccessApp(async (baseUrl) => {
      outside = await startOutsideProvider(`${baseUrl}/auth/callback`)
      return {
        VIGIA_OIDC_ISSUER: outside.issuer,
        VIGIA_OIDC_CLIENT_ID: CLIENT.id,
        VIGIA_OIDC_CLIENT_SECRET: CLIENT.secret,
      }
    })
  })
  afterEach(async () => {
    await app.close()
    await outside.close()
  })

  const visit = (path = '/tenants?tab=mail') => browser.visit(app.baseUrl + path)

  /** Everything up to the callback's address, which is not asked for. */
  async function upToCallback(): Promise<string> {
    let url = `${app.baseUrl}/auth/login?next=/tenants`
    for (;;) {
      const answer = await browser.request(url)
      url = new URL(answer.headers.get('location')!, url).href
      if (url.startsWith(`${app.baseUrl}/auth/callback`)) return url
    }
  }

  async function expectRefused(answer: Response, status: number, words: string, reason: string): Promise<void> {
    const page = await answer.text()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
    expect(page).toContain(words)
    expect(page).toContain('role="alert"')
    expect((await recorded()).at(-1)).toEqual(['user.refused', reason])
    expect((await get('/api/v1/me')).status).toBe(401)
    expect(await app.ctx.db.select().from(sessions)).toEqual([])
  }

  it('leads from a page through the provider back to that page', async () => {
    const { answer, url, trail } = await visit()
    expect([answer.status, await answer.text(), url]).toEqual([200, 'a page', `${app.baseUrl}/tenants?tab=mail`])
    expect(trail[1]).toBe(`${app.baseUrl}/auth/login?next=%2Ftenants%3Ftab%3Dmail`)
    const authorize = new URL(trail[2]!).searchParams
    expect(authorize.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(authorize.get(name)!.length).toBeGreaterThan(20)
    const me = (await (await get('/api/v1/me')).json()) as Record<string, unknown>
    expect(me).toMatchObject({ name: 'Marta Reis', email: 'marta@example.org', role: 'master' })
    expect(await recorded()).toEqual([['user.signed_in', undefined]])
  })

  it('ends the live stream of a user who is switched off', async () => {
    await visit()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const reader = (await get('/api/v1/live')).body!.pipeThrough(new TextDecoderStream()).getReader()
      for (let text = ''; !text.includes('id: '); text += (await reader.read()).value ?? '');
      await app.ctx.database.write(async (tx) => void (await tx.update(users).set({ active: false })))
      await vi.advanceTimersByTimeAsync(15_000)
      for (let part = await reader.read(); !part.done; part = await reader.read()) expect(part.value).not.toContain('still here')
    } finally {
      vi.useRealTimers()
    }
  })

  it('keeps tokens out of cookies, events and the log, and sealed in the database', async () => {
    const { trail } = await visit()
    const code = new URL(trail.find((url) => url.includes('/auth/callback?'))!).searchParams.get('code')!
    const rows = JSON.stringify([
      await app.ctx.db.select().from(sessions),
      await app.ctx.db.select().from(auditEvents),
      app.ctx.logged,
    ])
    for (const secret of [code, 'eyJ', 'refreshToken', CLIENT.secret]) expect(rows).not.toContain(secret)
  })

  it('sets a session cookie that scripts cannot read, under a new id at each sign-in', async () => {
    await visit()
    const first = browser.cookie(app.baseUrl, 'vigia')!
    const [row] = await app.ctx.db.select().from(sessions)
    const callback = await browser.request(await upToCallback())
    const line = callback.headers.getSetCookie().find((cookie) => cookie.startsWith('vigia='))!
    expect(line).toMatch(/; HttpOnly/i)
    expect(line).toMatch(/; SameSite=Lax/i)
    const rows = await app.ctx.db.select().from(sessions)
    expect(rows).toHaveLength(1)
    expect(rows[0]!.key).not.toBe(row!.key)
    browser.setCookie(app.baseUrl, 'vigia', first)
    expect((await get('/api/v1/me')).status).toBe(401)
  })

  it('refuses a callback that is replayed, with and without the cookie of its sign-in', async () => {
    const callback = await upToCallback()
    const { state } = Object.fromEntries(new URL(callback).searchParams)
    const name = `vigia_sign_in_${state!.slice(0, 8)}`
    const pending = browser.cookie(app.baseUrl, name)!
    expect((await browser.request(callback)).headers.get('location')).toBe('/tenants')
    await post('/auth/logout')
    await expectRefused(await browser.request(callback), 400, 'used already', 'state')
    browser.setCookie(app.baseUrl, name, pending)
    await expectRefused(await browser.request(callback), 400, 'used already', 'code')
  })

  it('refuses a callback with another state', async () => {
    const callback = new URL(await upToCallback())
    callback.searchParams.set('state', `${callback.searchParams.get('state')!.slice(0, 8)}${'x'.repeat(30)}`)
    await expectRefused(await browser.request(callback.href), 400, 'another browser', 'state')
  })

  it('refuses a callback that another browser began', async () => {
    const callback = await upToCallback()
    browser = new CookieBrowser()
    await expectRefused(await browser.request(callback), 400, 'another browser', 'state')
  })

  it('refuses a callback of another issuer (RFC 9207)', async () => {
    const callback = new URL(await upToCallback())
    callback.searchParams.set('iss', 'https://evil.example/')
    await expectRefused(await browser.request(callback.href), 400, 'another issuer', 'issuer')
  })

  it('refuses a sign-in that took too long', async () => {
    const callback = await upToCallback()
    app.ctx.setNow(app.ctx.now() + 11 * MINUTE_MS)
    await expectRefused(await browser.request(callback), 400, 'ten minutes', 'state')
  })

  const past = Math.floor(Date.now() / 1000) - 3_600
  it.each([
    ['another nonce', { nonce: 'another' }, 'another sign-in', 'nonce'],
    ['no nonce', { nonce: undefined }, 'another sign-in', 'nonce'],
    ['another issuer', { iss: 'https://evil.example/' }, 'another issuer', 'issuer'],
    ['another client', { aud: 'other-client' }, 'another application', 'audience'],
    ['several clients of which another acts', { aud: ['vigia', 'other'], azp: 'other' }, 'another application', 'audience'],
    ['an end that is past', { exp: past, iat: past - 60 }, 'clocks', 'expired'],
    ['another person than userinfo', { sub: 'somebody-else' }, 'two different people', 'subject'],
  ])('refuses an ID token with %s', async (_, changed, words, reason) => {
    outside.moods.claims = (claims) => ({ ...claims, ...changed })
    await expectRefused((await visit()).answer, 400, words, reason)
  })

  it('refuses an ID token that another key signed', async () => {
    outside.moods.foreignKey = true
    await expectRefused((await visit()).answer, 400, 'not signed', 'signature')
  })

  it('refuses userinfo about another person', async () => {
    outside.moods.userinfoSubject = 'somebody-else'
    await expectRefused((await visit()).answer, 400, 'two different people', 'subject')
  })

  it('refuses a provider whose document names another issuer, and takes the host alone for one', async () => {
    outside.moods.issuer = 'https://evil.example/'
    await expectRefused((await visit()).answer, 400, 'another issuer', 'issuer')
    const { origin } = new URL(outside.issuer)
    outside.moods.issuer = `${origin}/`
    outside.moods.claims = (claims) => ({ ...claims, iss: `${origin}/` })
    const callback = new URL(await upToCallback())
    callback.searchParams.set('iss', `${origin}/`)
    expect((await browser.request(callback.href)).headers.get('location')).toBe('/tenants')
  })

  it.each(['error', 'silent'] as const)('says that a provider does not answer (%s), and signs in once it does', async (down) => {
    outside.moods.down = down
    const { answer } = await visit()
    expect(answer.headers.get('x-error-token')).toBe('UPSTREAM_UNAVAILABLE')
    expect(answer.headers.get('retry-after')).toBe('10')
    await expectRefused(answer, 503, 'The identity provider does not answer', 'unavailable')
    outside.moods.down = false
    expect((await visit()).answer.status).toBe(200)
  })

  it('says so too when the provider goes down between sign-in and callback', async () => {
    const callback = await upToCallback()
    outside.moods.down = 'error'
    await expectRefused(await browser.request(callback), 503, 'The identity provider does not answer', 'unavailable')
  })

  it('leads somebody without the operator group to the page that says so', async () => {
    outside.moods.groups = ['staff']
    const { url } = await visit()
    expect(url).toBe(`${app.baseUrl}/no-access`)
    expect(await recorded()).toEqual([['user.refused', 'group']])
    expect(await app.ctx.db.select().from(users)).toEqual([])
    expect((await get('/api/v1/me')).status).toBe(401)
    const leave = new URL((await post('/auth/logout')).headers.get('location')!)
    expect([leave.origin, leave.searchParams.get('client_id')]).toEqual([new URL(outside.issuer).origin, CLIENT.id])
  })

  it('locks a live session out at the next request once the user is switched off', async () => {
    await visit()
    const identity = { issuer: 'https://other.example/', subject: 'x', email: null, name: null, groups: ['vigia-operators'] }
    await signIn(app.ctx, identity)
    const { users: all } = (await (await get('/api/v1/users')).json()) as { users: { id: string; email: string | null }[] }
    const { id } = all.find(({ email }) => email === 'marta@example.org')!
    await setUserActive(app.ctx, id, { active: false })
    const refused = await get('/api/v1/me')
    expect([refused.status, await refused.json()]).toMatchObject([403, { token: 'FORBIDDEN' }])
    expect((await get('/tenants')).headers.get('location')).toBe('/no-access')
    expect((await visit()).url).toBe(`${app.baseUrl}/no-access`)
    await setUserActive(app.ctx, id, { active: true })
    expect((await get('/api/v1/me')).status).toBe(200)
  })

  it('takes the groups of a refresh: whoever left the operators is out', async () => {
    await visit()
    outside.moods.groups = ['staff']
    expect((await get('/api/v1/me')).status).toBe(200)
    app.ctx.setNow(app.ctx.now() + 61 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(403)
    expect((await get('/tenants')).headers.get('location')).toBe('/no-access')
  })

  it('keeps a session for 15 minutes when the provider is down at the refresh, and asks it rarely', async () => {
    await visit()
    outside.moods.down = 'error'
    app.ctx.setNow(app.ctx.now() + 61 * MINUTE_MS)
    const before = outside.asked('/token/')
    for (let i = 0; i < 5; i++) expect((await get('/api/v1/me')).status).toBe(200)
    expect(outside.asked('/token/') - before).toBeLessThanOrEqual(1)
    app.ctx.setNow(app.ctx.now() + 14 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(200)
    app.ctx.setNow(app.ctx.now() + 2 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(401)
  })

  it('goes on as before when the provider is back within that time', async () => {
    await visit()
    outside.moods.down = 'error'
    app.ctx.setNow(app.ctx.now() + 61 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(200)
    outside.moods.down = false
    app.ctx.setNow(app.ctx.now() + MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(200)
    app.ctx.setNow(app.ctx.now() + 30 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(200)
  })

  it('asks the provider once for requests that come together', async () => {
    await visit()
    app.ctx.setNow(app.ctx.now() + 61 * MINUTE_MS)
    const before = outside.asked('/token/')
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/api/v1/me')))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(outside.asked('/token/') - before).toBe(1)
  })

  it('ends a session after twelve hours', async () => {
    await visit()
    app.ctx.setNow(app.ctx.now() + 12 * 60 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(401)
  })

  it('signs out at both ends', async () => {
    await visit()
    const cookie = browser.cookie(app.baseUrl, 'vigia')!
    const answer = await post('/auth/logout')
    const there = new URL(answer.headers.get('location')!)
    expect([answer.status, there.origin]).toEqual([303, new URL(outside.issuer).origin])
    expect(there.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${app.baseUrl}/auth/signed-out`)
    browser.setCookie(app.baseUrl, 'vigia', cookie)
    expect((await get('/api/v1/me')).status).toBe(401)
    expect(await recorded()).toEqual([
      ['user.signed_in', undefined],
      ['user.signed_out', undefined],
    ])
  })

  it('signs out here also while the provider is down or the user is switched off', async () => {
    await visit()
    const [marta] = await app.ctx.db.select().from(users)
    await signIn(app.ctx, { issuer: 'https://o.example/', subject: 'x', email: null, name: null, groups: ['vigia-operators'] })
    await setUserActive(app.ctx, marta!.id, { active: false })
    expect((await post('/auth/logout')).status).toBe(303)
    expect(await app.ctx.db.select().from(sessions)).toEqual([])
  })
})

describe('with the embedded provider', () => {
  let first: { username: string; password: string }
  beforeEach(async () => {
    app = await startAccessApp(async () => ({}))
    first = (await createFirstOperator(app.ctx))!
  })
  afterEach(() => app.close())

  async function signInByForm(password = first.password, path = '/tenants') {
    const { url } = await browser.visit(app.baseUrl + path)
    return { form: url, ...(await browser.submit(url, { username: first.username, password })) }
  }

  it('leads through its own form to the page that was asked for', async () => {
    const { answer, url, form } = await signInByForm()
    expect(form).toContain('/application/o/vigia/sign-in/')
    expect([answer.status, url]).toEqual([200, `${app.baseUrl}/tenants`])
    const me = (await (await get('/api/v1/me')).json()) as Record<string, unknown>
    expect(me).toMatchObject({ name: 'Operator', role: 'master', demo: false })
  })

  it('has the addresses and claims of Authentik', async () => {
    const document = (await (await get('/application/o/vigia/.well-known/openid-configuration')).json()) as object
    const base = `${app.baseUrl}/application/o`
    expect(document).toMatchObject({
      issuer: `${base}/vigia/`,
      authorization_endpoint: `${base}/authorize/`,
      token_endpoint: `${base}/token/`,
      userinfo_endpoint: `${base}/userinfo/`,
      jwks_uri: `${base}/vigia/jwks/`,
      end_session_endpoint: `${base}/vigia/end-session/`,
      code_challenge_methods_supported: ['S256'],
    })
    const jwks = (await (await get('/application/o/vigia/jwks/')).json()) as { keys: Record<string, unknown>[] }
    expect(jwks.keys).toMatchObject([{ kty: 'RSA', alg: 'RS256' }])
    expect(jwks.keys[0]).not.toHaveProperty('d')
  })

  it('shows a form that a screen reader can read and that runs nothing', async () => {
    const { answer, url } = await browser.visit(`${app.baseUrl}/`)
    const page = await answer.text()
    expect(page).toContain('<label for="username">')
    expect(page).toContain('<label for="password">')
    expect(page).toContain('Vigia')
    expect(page).not.toMatch(/<script|https?:\/\//)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(url).toContain('/sign-in/')
  })

  it('says that a password is wrong, keeps the name, and never shows the password', async () => {
    const { answer, form } = await signInByForm('<b>wrong</b>')
    const page = await answer.text()
    expect(answer.status).toBe(401)
    expect(page).toContain('role="alert"')
    expect(page).toContain('value="operator"')
    expect(page).not.toContain('wrong')
    expect((await recorded()).at(-1)).toEqual(['user.refused', 'password'])
    expect((await browser.submit(form, first)).url).toBe(`${app.baseUrl}/tenants`)
  })

  it('stops the guessing and says for how long', async () => {
    const { url } = await browser.visit(`${app.baseUrl}/`)
    for (let i = 0; i < 5; i++) await browser.submit(url, { username: first.username, password: 'wrong' })
    const { answer } = await browser.submit(url, first)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.text()).toContain('Too many attempts')
  })

  it('refuses a form of another browser', async () => {
    const { url } = await browser.visit(`${app.baseUrl}/`)
    browser = new CookieBrowser()
    expect((await browser.submit(url, first)).answer.status).toBe(400)
  })

  it('signs out at both ends: the next visit asks for the password again', async () => {
    await signInByForm()
    const out = await browser.visit(`${app.baseUrl}/auth/logout`, { method: 'POST', headers: { origin: app.baseUrl } })
    const page = await out.answer.text()
    expect(page).toContain('<script src="/application/o/vigia/submit.js" defer>')
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!
    const action = /action="([^"]+)"/.exec(page)![1]!
    const { url } = await browser.submit(action, { xsrf, logout: 'yes' })
    expect(url).toBe(`${app.baseUrl}/auth/signed-out`)
    expect((await browser.visit(`${app.baseUrl}/`)).url).toContain('/sign-in/')
  })

  it('asks before it signs out somebody whom a foreign link led there', async () => {
    await signInByForm()
    const page = await (await get('/application/o/vigia/end-session/')).text()
    expect(page).toContain('Sign out of Vigia?')
    expect(page).not.toContain('<script')
  })

  it('refreshes, and ends the session when the password was reset', async () => {
    await signInByForm()
    app.ctx.setNow(app.ctx.now() + 11 * MINUTE_MS)
    expect((await get('/api/v1/me')).status).toBe(200)
    await resetOperator(app.ctx, first.username)
    expect((await get('/api/v1/me')).status).toBe(401)
    expect((await browser.visit(`${app.baseUrl}/`)).url).toContain('/sign-in/')
  })

  it('keeps keys, codes and grants sealed, under ids that are no tokens', async () => {
    const { url } = await browser.visit(`${app.baseUrl}/`)
    const { trail } = await browser.submit(url, first)
    const code = new URL(trail.find((step) => step.includes('/auth/callback?'))!).searchParams.get('code')!
    const rows = await app.ctx.db.select().from(oidcRecords)
    expect(rows.map(({ model }) => model)).toEqual(expect.arrayContaining(['SigningKey', 'Session', 'Grant', 'RefreshToken']))
    const text = JSON.stringify(rows)
    for (const word of [code, 'accountId', '"d"', 'kty']) expect(text).not.toContain(word)
  })
})

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
