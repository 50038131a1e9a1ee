import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CookieBrowser } from '../helpers/cookie-browser'
import { startPortal, type TestPortal } from '../helpers/portal'

let portal: TestPortal
beforeAll(async () => {
  portal = await startPortal()
}, 60_000)
afterAll(() => portal.dispose())

const sameOrigin = () => ({ origin: portal.baseUrl })

/** A browser in which an operator, the first by default, has signed in, and the page that it ended on. */
async function signedIn(
  path = '/',
  operator = portal.operator,
): Promise<{ browser: CookieBrowser; page: Response; url: string }> {
  const browser = new CookieBrowser()
  const { url: form } = await browser.visit(portal.baseUrl + path)
  const { answer, url } = await browser.submit(form, operator)
  return { browser, page: answer, url }
}

/** A further account, by the command line, while the portal runs. */
async function addOperator(username: string): Promise<{ username: string; password: string }> {
  const env = { ...process.env, VIGIA_DATA_DIR: portal.dataDir }
  const args = ['--import', 'tsx', 'scripts/operator.ts', 'add', username, `${username}@example.org`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  return { username, password: /shown once\): +\S+ +(\S+)/.exec(stdout)![1]! }
}

async function listed(): Promise<{ id: string; name: string }[]> {
  return ((await (await portal.api('/api/v1/users')).json()) as { users: { id: string; name: string }[] }).users
}

async function send(browser: CookieBrowser, method: string, path: string, json?: unknown): Promise<Response> {
  return browser.request(portal.baseUrl + path, {
    method,
    headers: { ...sameOrigin(), 'content-type': 'application/json' },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
}

const session = async (browser: CookieBrowser) =>
  (await (await browser.request(`${portal.baseUrl}/api/_auth/session`)).json()) as Record<string, unknown>

describe('the built portal', () => {
  it('signs the first operator in through its own provider and serves the page that was asked for', async () => {
    const { browser, page, url } = await signedIn('/tenants?tab=mail')
    expect([page.status, url]).toEqual([200, `${portal.baseUrl}/tenants?tab=mail`])
    expect(await (await browser.request(`${portal.baseUrl}/api/v1/me`)).json()).toMatchObject({
      name: 'Operator',
      role: 'master',
    })
    expect(await session(browser)).toMatchObject({ userName: 'Operator', provider: 'oidc' })
  })

  it('lets only scripts with the page’s nonce run', async () => {
    const { page } = await signedIn()
    const policy = page.headers.get('content-security-policy')!
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    const scripts = (await page.text()).match(/<script[^>]*>/g)!
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
  })

  it('puts the security headers on static files, errors and refusals too', async () => {
    const { browser, page } = await signedIn()
    const asset = /\/_nuxt\/[\w.-]+\.js/.exec(await page.text())![0]
    for (const path of [asset, '/_nuxt/none.js', '/api/v1/none', '/_health', '/auth/callback', '/no-access']) {
      const { headers } = await browser.request(portal.baseUrl + path)
      expect([path, headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([path, 'nosniff', 'DENY'])
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  it('answers every page with 302 and every API route with 401 without a session', async () => {
    for (const path of ['/', '/tenants', '/settings/mail-hosts', '/none', '/index.html', '/200.html', '/_nuxtx']) {
      const answer = await fetch(portal.baseUrl + path, { redirect: 'manual' })
      expect([path, answer.status, answer.headers.get('location')]).toEqual([
        path,
        302,
        `/auth/login?next=${encodeURIComponent(path)}`,
      ])
    }
    for (const path of ['/api/v1/me', '/api/v1/users', '/api/v1/audit/overview', '/api/v1/tenants', '/api/v1/none', '/api/none'])
      expect([path, (await fetch(portal.baseUrl + path)).status]).toEqual([path, 401])
  })

  it('gives the page shell for pages only, and to HEAD what it gives to GET', async () => {
    const told = async (method: string, path: string) => {
      const answer = await fetch(portal.baseUrl + path, { method })
      return [method, path, answer.status, answer.headers.get('content-type')]
    }
    const problem = 'application/problem+json'
    for (const path of ['/ingest/events', '/ingest/none', '/api/', '/_nuxt/', '/robots.txt'])
      expect(await told('GET', path)).toEqual(['GET', path, 404, problem])
    for (const method of ['PUT', 'DELETE', 'OPTIONS'])
      for (const path of ['/api/v1/me', '/_health']) expect(await told(method, path)).toEqual([method, path, 405, problem])
    expect(await told('HEAD', '/_health')).toEqual(['HEAD', '/_health', 200, 'application/json'])
    expect(await told('HEAD', '/api/v1/me')).toEqual(['HEAD', '/api/v1/me', 401, problem])
  })

  it('holds no more of a body than its limit, though no length was announced', async () => {
    const chunk = new Uint8Array(64 * 1024).fill(32)
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 40 ? controller.enqueue(chunk) : controller.close()),
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit
    const answer = await portal.api('/api/v1/tenants', init)
    expect([answer.status, await answer.json()]).toMatchObject([413, { token: 'PAYLOAD_TOO_LARGE' }])
  })

  it('answers 404 with a token where there is no route, to whoever is signed in', async () => {
    const { browser } = await signedIn()
    const answer = await browser.request(`${portal.baseUrl}/api/v1/none`)
    expect([answer.status, await answer.json()]).toMatchObject([404, { token: 'NOT_FOUND' }])
  })

  it('locks a live session out at the next request when the user is switched off, and lets it in again', async () => {
    const { browser } = await signedIn('/', await addOperator('bea'))
    const bea = (await listed()).find(({ name }) => name === 'bea')!
    const patched = await portal.api(`/api/v1/users/${bea.id}`, { method: 'PATCH', json: { active: false } })
    expect([patched.status, await patched.json()]).toMatchObject([200, { active: false, version: 2 }])
    const refused = await browser.request(`${portal.baseUrl}/api/v1/me`)
    expect([refused.status, await refused.json()]).toMatchObject([403, { token: 'FORBIDDEN' }])
    expect(await session(browser)).toEqual({})
    const { url, answer } = await browser.visit(`${portal.baseUrl}/tenants`)
    expect([url, answer.status]).toEqual([`${portal.baseUrl}/no-access`, 200])
    await portal.api(`/api/v1/users/${bea.id}`, { method: 'PATCH', json: { active: true } })
    expect((await browser.request(`${portal.baseUrl}/api/v1/me`)).status).toBe(200)
  })

  it('keeps the last active master, and refuses a stale version', async () => {
    const { browser } = await signedIn('/', await addOperator('carl'))
    const all = await listed()
    const path = (name: string) => `/api/v1/users/${all.find((user) => user.name === name)!.id}`
    for (const { name } of all.filter((user) => user.name !== 'carl'))
      expect((await send(browser, 'PATCH', path(name), { active: false })).status).toBe(200)
    const last = await send(browser, 'PATCH', path('carl'), { active: false })
    expect([last.status, await last.json()]).toMatchObject([409, { token: 'CONFLICT' }])
    const stale = await send(browser, 'PATCH', path('Operator'), { active: true, version: 1 })
    expect([stale.status, await stale.json()]).toMatchObject([409, { token: 'STALE_VERSION' }])
    for (const { name } of all) await send(browser, 'PATCH', path(name), { active: true })
  })

  it('hides the sign-in module’s own routes and gives a stranger an empty session', async () => {
    const { browser } = await signedIn()
    for (const [method, path] of [
      ['POST', '/api/_auth/refresh'],
      ['DELETE', '/api/_auth/session'],
    ] as const)
      expect((await send(browser, method, path)).status).toBe(404)
    for (const path of ['/auth/oidc/login', '/auth/oidc/callback', '/auth/oidc/logout', '/auth/dev/login'])
      expect([path, (await browser.request(portal.baseUrl + path)).status]).toEqual([path, 404])
    expect(await session(browser)).toHaveProperty('expireAt')
    expect(await session(new CookieBrowser())).toEqual({})
  })

  it('takes no session from a header', async () => {
    const { browser } = await signedIn()
    const sealed = decodeURIComponent(browser.cookie(portal.baseUrl, 'vigia')!)
    for (const name of ['x-vigia-session', 'x-nuxt-oidc-auth-session'])
      expect((await fetch(`${portal.baseUrl}/api/v1/me`, { headers: { [name]: sealed } })).status).toBe(401)
  })

  it('ends a session at both ends, for a copy of its cookie too', async () => {
    const { browser } = await signedIn()
    const cookie = browser.cookie(portal.baseUrl, 'vigia')!
    const { answer } = await browser.visit(`${portal.baseUrl}/auth/logout`, { method: 'POST', headers: sameOrigin() })
    const page = await answer.text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!
    const { url } = await browser.submit(/action="([^"]+)"/.exec(page)![1]!, { xsrf, logout: 'yes' })
    expect(url).toBe(`${portal.baseUrl}/auth/signed-out`)
    browser.setCookie(portal.baseUrl, 'vigia', cookie)
    expect((await browser.request(`${portal.baseUrl}/api/v1/me`)).status).toBe(401)
    expect((await browser.visit(`${portal.baseUrl}/`)).url).toContain('/application/o/vigia/sign-in/')
  })

  it('keeps sessions across a restart, and prints no password a second time', async () => {
    const { browser } = await signedIn()
    await portal.stop()
    await portal.restart()
    expect((await browser.request(`${portal.baseUrl}/api/v1/me`)).status).toBe(200)
    expect(portal.output().split(portal.operator.password)).toHaveLength(2)
  })

  it('prints no secret of the session', () => {
    expect(portal.output()).not.toMatch(/NUXT_OIDC|SESSION_SECRET|eyJ/)
  })
})
