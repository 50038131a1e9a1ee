import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditEvents, sessions, users } from '#drizzle/schema/sqlite'
import { setUserActive, signIn } from '#server/services/access'
import { type AccessApp, recordedIn, startAccessApp } from '../helpers/access-app'
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

const recorded = () => recordedIn(app)
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
