import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { oidcRecords } from '#drizzle/schema/sqlite'
import { createFirstOperator, resetOperator } from '#server/services/access'
import { type AccessApp, recordedIn, startAccessApp } from '../helpers/access-app'
import { CookieBrowser } from '../helpers/cookie-browser'

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
