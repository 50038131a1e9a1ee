import type { Page } from '@playwright/test'
import type { AuditEvent, AuditPage } from '../../shared/schemas/audit'
import type { TestPortal } from '../helpers/portal'
import { expect, json, test } from './fixtures'

test.use({ stage: { name: 'audit-trust' }, reducedMotion: 'reduce' })

const rows = (page: Page) => page.getByRole('list', { name: 'Events' }).getByRole('listitem')
const LIST = /\/api\/v1\/audit\?/
/** One event, and nothing that is asked for again and again. */
const DETAIL = /\/api\/v1\/audit\/[0-9A-Z]{26}$/

async function create(portal: TestPortal, slug: string): Promise<void> {
  const answer = await portal.api('/api/v1/partners', { method: 'POST', json: { slug, name: slug } })
  if (!answer.ok) throw new Error(`the partner was not created: ${await answer.text()}`)
}

/** The newest event of a filter, once it has its place in the log. */
async function placed(portal: TestPortal, query: string): Promise<AuditEvent> {
  let event: AuditEvent | undefined
  const look = async () => (event = (await json<AuditPage>(portal, `/api/v1/audit?${query}&limit=1`)).events[0])?.hash ?? null
  await expect.poll(look, { timeout: 30_000 }).not.toBeNull()
  return event!
}

test('a false severity, detail or change in what is shown is found by the browser, and named', async ({ page, portal }) => {
  await portal.api('/api/v1/tenants', { method: 'POST', json: { slug: 'proven', name: 'Proven', plan: 'basic' } })
  const change = await portal.api('/api/v1/tenants/proven', { method: 'PATCH', json: { plan: 'plus', version: 1 } })
  expect(change.ok).toBe(true)
  const { id } = await placed(portal, 'action=tenant.updated&tenantSlug=proven')
  const panel = page.getByRole('dialog', { name: /changed tenant Proven/ })
  const verify = panel.getByRole('button', { name: 'Verify' })
  await page.goto(`/audit?event=${id}`)
  await verify.click()
  await expect(panel.getByText('It stands in the log, unchanged')).toBeVisible()
  await expect(panel.getByText(/Not proven here: .*IP address/)).toBeVisible()

  let lie: (event: AuditEvent) => void = () => {}
  await page.route(DETAIL, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { event?: AuditEvent }
    if (body.event) lie(body.event)
    await route.fulfill({ response: answer, json: body })
  })
  const lies: [string, (event: AuditEvent) => void, string[]][] = [
    ['severity', (event) => (event.severity = 'critical'), ['severity', 'critical', 'low']],
    ['before', (event) => (event.metadata['plan.before'] = 'gold'), ['plan before', 'gold', 'basic']],
    ['left out', (event) => delete event.metadata['plan.after'], ['plan after', 'nothing', 'plus']],
  ]
  for (const [name, told, words] of lies) {
    lie = told
    await page.reload()
    await verify.click()
    await expect(panel.getByText('This is not what the log holds'), name).toBeVisible()
    for (const word of words) await expect(panel.getByLabel('What differs')).toContainText(word)
  }
})

test('older events that come late do not take away what came in meanwhile', async ({ page, portal }) => {
  for (const slug of ['late-a', 'late-b', 'late-c']) await create(portal, slug)
  await placed(portal, 'action=partner.created')
  let release: () => void = () => {}
  await page.route(LIST, async (route) => {
    const url = route.request().url().replace('limit=100', 'limit=2')
    if (url.includes('before=')) await new Promise<void>((done) => (release = done))
    await route.continue({ url })
  })
  await page.goto('/audit?action=partner.created')
  await expect(rows(page).first()).toContainText('late-c')
  await page.getByRole('button', { name: 'Load older events' }).click()
  await create(portal, 'late-d')
  const pill = page.getByRole('button', { name: '1 new event' })
  await pill.click()
  await expect(rows(page).first()).toContainText('late-d')
  release()
  await expect(rows(page).filter({ hasText: 'late-a' })).toBeVisible()
  // Either it is still there, or it is offered again; it is never gone.
  await expect(pill.or(rows(page).filter({ hasText: 'late-d' }))).toBeVisible()
})

test('a log that can no longer be asked says so, and so does an address that is not understood', async ({ page, portal }) => {
  await page.goto('/audit?action=partner.created&outcome=bad')
  await expect(page.getByRole('alert')).toContainText('outcome=bad')
  await expect(rows(page).first()).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.route(LIST, (route) => route.abort())
  await create(portal, 'unasked')
  await expect(page.getByText(/^Shown as of /)).toBeVisible()
  await page.unroute(LIST)
  await expect(page.getByRole('button', { name: '1 new event' })).toBeVisible({ timeout: 15_000 })
  await expect(page.getByText(/^Shown as of /)).toHaveCount(0)
})

test('older events that could not be loaded are told with their request, and asked for again', async ({ page }) => {
  let refuses = true
  await page.route(LIST, async (route) => {
    const url = route.request().url().replace('limit=100', 'limit=1')
    if (!refuses || !url.includes('before=')) return route.continue({ url })
    await route.fulfill({
      ...{ status: 400, headers: { 'x-request-id': 'req-older' } },
      json: { token: 'VALIDATION', title: 'No', status: 400 },
    })
  })
  await page.goto('/audit?action=partner.created')
  await page.getByRole('button', { name: 'Load older events' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Older events could not be loaded' })
  await expect(alert).toContainText('VALIDATION · req-older')
  refuses = false
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(alert).toHaveCount(0)
  await expect(rows(page)).toHaveCount(2)
})

test('keys in the search and on the histogram: Esc gives back, and leaving picks nothing', async ({ page }) => {
  await page.goto('/audit?range=24h&outcome=success')
  await expect(rows(page).first()).toBeVisible()
  const field = page.getByRole('combobox', { name: 'Search the log' })
  await field.fill('outcome:fai')
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('outcome:fai')
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('outcome:success')
  await expect(field).not.toBeFocused()
  await expect(page).toHaveURL('/audit?range=24h&outcome=success')

  const volume = page.getByRole('region', { name: 'Volume over time' })
  await volume.getByRole('slider', { name: 'From' }).focus()
  await page.keyboard.press('End')
  await expect(volume.getByRole('button', { name: /^Show / })).toBeVisible()
  await field.focus()
  await expect(field).toBeFocused()
  await expect(volume.getByRole('button', { name: 'Pick with the arrows' })).toBeAttached()
  await expect(page).toHaveURL('/audit?range=24h&outcome=success')
})
