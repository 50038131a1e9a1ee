import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { APIRequestContext, Page } from '@playwright/test'
import type { User } from '../../shared/schemas/access'
import type { TestPortal } from '../helpers/portal'
import { expect, json, signIn, stranger, test } from './fixtures'

test.use({ stage: { name: 'revoked' } })

const PAGES = [
  '/',
  '/?view=matrix',
  '/tenants',
  '/tenants/acme',
  '/checks/acme/acme.example',
  '/settings/mail-hosts',
  '/settings/users',
  '/settings/about',
  '/nothing',
]
const NO_ACCESS = 'You have no access to Vigia'

/** As `npm run operator -- add` on the machine of the portal, while it runs. */
async function addOperator(portal: TestPortal, username: string): Promise<{ username: string; password: string }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'scripts/operator.ts', 'add', username, `${username}@example.org`],
    { env: { ...process.env, VIGIA_DATA_DIR: portal.dataDir, PORT: new URL(portal.baseUrl).port } },
  )
  const password = /shown once\): +\S+ +(\S+)/.exec(stdout)?.[1]
  if (!password) throw new Error(`no password in ${stdout}`)
  return { username, password }
}

async function setActive(portal: TestPortal, email: string, active: boolean): Promise<void> {
  const { users } = await json<{ users: User[] }>(portal, '/api/v1/users')
  const { id, version } = users.find((user) => user.email === email)!
  const answer = await portal.api(`/api/v1/users/${id}`, { method: 'PATCH', json: { active, version } })
  expect(answer.status).toBe(200)
}

test('a user who is locked out meets it at the next request, in every open tab, and can be let in again', async ({
  browser,
  portal,
  session,
}) => {
  // The first operator has signed in, so that this one is not the last.
  expect(session.cookies).not.toEqual([])
  const context = await stranger(browser, portal)
  const page = await context.newPage()
  await signIn(page, await addOperator(portal, 'anna'))
  const second = await context.newPage()
  await second.goto('/tenants')
  await expect(second.getByRole('heading', { name: 'Tenants' })).toBeVisible()

  await setActive(portal, 'anna@example.org', false)
  const answer = await context.request.get('/api/v1/me')
  expect([answer.status(), ((await answer.json()) as { token: string }).token]).toEqual([403, 'FORBIDDEN'])
  await page.getByRole('link', { name: 'Tenants' }).click()
  await expect(page.getByRole('heading', { name: NO_ACCESS })).toBeVisible()
  await second.reload()
  await expect(second).toHaveURL('/no-access')
  await expect(second.getByRole('heading', { name: NO_ACCESS })).toBeVisible()

  await setActive(portal, 'anna@example.org', true)
  await second.getByRole('link', { name: 'Try again' }).click()
  await expect(
    second.getByRole('navigation', { name: 'Main' }).or(second.getByRole('heading', { name: 'Sign in' })),
  ).toBeVisible()
  await context.close()
})

test('the page of users locks out and lets in, after a question that names the person', async ({ browser, page, portal }) => {
  const context = await stranger(browser, portal)
  await signIn(await context.newPage(), await addOperator(portal, 'bruno'))
  await page.goto('/settings/users')
  const row = page.getByRole('row', { name: /bruno/ })
  await row.getByRole('button', { name: 'Lock out bruno' }).click()
  const dialog = page.getByRole('dialog', { name: 'Lock out bruno?' })
  await dialog.getByRole('button', { name: 'Lock out' }).click()
  await expect(row).toContainText('Locked out')
  expect((await context.request.get('/api/v1/me')).status()).toBe(403)
  await row.getByRole('button', { name: 'Let in bruno' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Let in' }).click()
  await expect(row).toContainText('Active')
  await context.close()
})

test('without a session every page leads to the sign-in and every route of the API answers 401', async ({ browser, portal }) => {
  const context = await stranger(browser, portal)
  for (const path of PAGES) {
    const answer = await context.request.get(path, { maxRedirects: 0 })
    expect([path, answer.status(), answer.headers().location]).toEqual([
      path,
      302,
      `/auth/login?next=${encodeURIComponent(path)}`,
    ])
  }
  const { paths } = await json<{ paths: Record<string, Record<string, { security: unknown[] }>> }>(portal, '/api/v1/openapi.json')
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ path, method, security })),
  )
  expect(operations.length).toBeGreaterThan(20)
  for (const { path, method, security } of operations) {
    const answer = await context.request.fetch(path.replaceAll(/\{\w+\}/g, 'x'), {
      method,
      maxRedirects: 0,
      headers: { origin: portal.baseUrl },
    })
    // What others send is let in by its signature: nobody's is a 401, or a 404 where no source is set up.
    const expected = path.startsWith('/ingest/') ? [401, 404] : [security.length === 0 ? 200 : 401]
    expect(expected, `${method} ${path}`).toContain(answer.status())
  }
  await context.close()
})

test('no answer may be framed, sniffed or run what is not ours', async ({ page }) => {
  for (const path of ['/', '/tenants', '/no-access', '/api/v1/me', '/api/v1/none', '/_health', '/auth/signed-out']) {
    const headers = (await page.request.get(path)).headers()
    const policy = headers['content-security-policy']!
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).toContain("default-src 'self'")
    expect(/script-src ([^;]*)/.exec(policy)?.[1], path).toMatch(/^'self' 'nonce-[^' ]{16,}'$/)
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
  }
})

test('another host name is refused, and so is a change from elsewhere', async ({ page, portal, playwright, session }) => {
  const elsewhere = portal.baseUrl.replace('127.0.0.1', 'localhost')
  const foreign: APIRequestContext = await playwright.request.newContext({ baseURL: elsewhere })
  expect((await foreign.get('/_health')).status()).toBe(421)
  expect((await foreign.get('/', { maxRedirects: 0 })).status()).toBe(421)
  await foreign.dispose()

  const from = (headers: Record<string, string>) =>
    page.request.post('/api/v1/tenants', { headers, data: { slug: 'from-elsewhere', name: 'From elsewhere' } })
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[]) {
    const answer = await from(headers)
    expect([answer.status(), ((await answer.json()) as { token: string }).token]).toEqual([403, 'CROSS_ORIGIN'])
  }
  expect((await portal.api('/api/v1/tenants/from-elsewhere')).status).toBe(404)
  expect((await from({ origin: portal.baseUrl })).status()).toBe(201)
  expect(session.cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite !== 'None')).toBe(true)
})

/** Everything that the browser complains about. */
function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(String(error)))
  return found
}

test('no page breaks its own policy, or asks anything of another host', async ({ page, portal }) => {
  const found = complaints(page)
  page.on('request', (request) => {
    if (!request.url().startsWith(portal.baseUrl) && !request.url().startsWith('data:')) found.push(`asked ${request.url()}`)
  })
  await portal.api('/api/v1/tenants', { method: 'POST', json: { slug: 'acme', name: 'Acme' } })
  await portal.api('/api/v1/tenants/acme/domains', { method: 'POST', json: { domain: 'acme.example' } })
  for (const path of [...PAGES, '/no-access', '/settings/mail-hosts/new', '/tenants?new=1', '/?card=acme/acme.example']) {
    await page.goto(path)
    await expect(page.getByRole('heading').or(page.getByText('There is nothing at this address')).first()).toBeVisible()
    await expect(page.getByText(/^Loading/)).toHaveCount(0)
  }
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: /Search/ })).toBeVisible()
  expect(found).toEqual([])
})
