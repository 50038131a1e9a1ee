import type { Page } from '@playwright/test'
import type { TestPortal } from '../helpers/portal'
import { expect, json, test } from './fixtures'

test.use({ stage: { name: 'trouble', sample: true } })

const live = (page: Page) => page.getByRole('banner').getByRole('status')
const domains = (page: Page) => page.getByRole('list', { name: 'Domains' }).getByRole('link')
const stale = (page: Page) => page.getByRole('status').filter({ hasText: /Shown as of .*, reconnecting/ })
/** The stream tries again every few seconds. */
const BACK = { timeout: 40_000 }

test('a portal that stops leaves the page standing, says how old it is, and is followed again when it is back', async ({
  page,
  portal,
  world,
}) => {
  test.setTimeout(120_000)
  await page.goto('/?q=mercadoribeira')
  const card = page.getByRole('list', { name: 'Domains' }).getByRole('listitem')
  await expect(card).toContainText('No SPF record')
  await expect(live(page)).toHaveText('Live')
  await portal.stop()
  try {
    await expect(live(page)).toHaveText('Reconnecting')
    await expect(stale(page)).toBeVisible()
    await expect(domains(page).first()).toBeVisible()
  } finally {
    await portal.restart()
  }
  await expect(live(page)).toHaveText('Live', BACK)
  await expect(stale(page)).toHaveCount(0, BACK)

  // Events flow again: the record that is mended now turns the card without a reload.
  world.zones.set('mercadoribeira.pt', 'TXT', ['v=spf1 ip4:203.0.113.25 ip6:2001:db8:113::25 -all'])
  await portal.api('/api/v1/audit/run/umbrella-foods?domain=mercadoribeira.pt', { method: 'POST' })
  await expect(card).not.toContainText('No SPF record', BACK)
})

test('what cannot be loaded says so, with a way to try again that works', async ({ page, portal }) => {
  test.setTimeout(120_000)
  await page.goto('/tenants/acme')
  await expect(page.getByRole('table')).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Tenants' }).click()
  await expect(page.getByRole('link', { name: 'Globex' })).toBeVisible()
  await portal.stop()
  try {
    await page.getByRole('link', { name: 'Globex' }).click()
    await expect(page.getByText('The tenant could not be loaded')).toBeVisible()
    await expect(page.getByRole('alert')).toContainText('Vigia cannot be reached')
  } finally {
    await portal.restart()
  }
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'Globex' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a failure of the server shows its token and the request id', async ({ page }) => {
  await page.route('**/api/v1/audit/overview*', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      headers: { 'x-request-id': 'req_of_this_test' },
      body: JSON.stringify({ token: 'INTERNAL', title: 'Something went wrong', status: 500, requestId: 'req_of_this_test' }),
    }),
  )
  await page.goto('/')
  const alert = page.getByRole('alert').filter({ hasText: 'The overview could not be loaded' })
  await expect(alert).toContainText('INTERNAL · req_of_this_test')
  await page.unroute('**/api/v1/audit/overview*')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(domains(page).first()).toBeVisible()
})

test('a slow line shows the shape of what is coming, and then that', async ({ page }) => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(/\/api\/v1\/(audit\/overview|tenants)/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto('/')
  await expect(page.getByText('Loading the totals')).toBeAttached()
  await expect(page.getByText('Loading the domains')).toBeAttached()
  await page.getByRole('link', { name: 'Tenants' }).click()
  await expect(page.getByRole('heading', { name: 'Tenants' })).toBeVisible()
  await expect(page.getByRole('main').getByText('Loading', { exact: true })).toBeAttached()
  release()
  await expect(page.getByRole('link', { name: 'Globex' })).toBeVisible()
  await page.getByRole('link', { name: 'Overview' }).click()
  await expect(domains(page).first()).toBeVisible()
})

async function rename(portal: TestPortal, slug: string, name: string): Promise<void> {
  const { version } = await json<{ version: number }>(portal, `/api/v1/tenants/${slug}`)
  expect((await portal.api(`/api/v1/tenants/${slug}`, { method: 'PATCH', json: { name, version } })).status).toBe(200)
}

test('a form that somebody else was faster with shows their change, and keeps what was typed', async ({ page, portal }) => {
  await page.goto('/tenants/initech')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit Initech' })
  await dialog.getByLabel('Plan').fill('enterprise')
  await rename(portal, 'initech', 'Initech Renamed')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const conflict = dialog.getByRole('alert')
  await expect(conflict).toContainText('Someone else saved first')
  await expect(conflict).toContainText('now “Initech Renamed”')
  await conflict.getByRole('button', { name: 'Keep my changes and save' }).click()
  await expect(dialog).toBeHidden()
  expect(await json(portal, '/api/v1/tenants/initech')).toMatchObject({ name: 'Initech Renamed', plan: 'enterprise' })
})

test('both changed the same field: theirs and mine stand side by side, and theirs can be taken', async ({ page, portal }) => {
  await page.goto('/tenants/globex')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit Globex' })
  await dialog.getByLabel('Name').fill('Globex Mine')
  await rename(portal, 'globex', 'Globex Theirs')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toContainText('now “Globex Theirs”, yours is “Globex Mine”')
  await dialog.getByRole('button', { name: 'Take theirs' }).click()
  await expect(dialog.getByLabel('Name')).toHaveValue('Globex Theirs')
  expect(await json(portal, '/api/v1/tenants/globex')).toMatchObject({ name: 'Globex Theirs' })
})
