import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { AuditPage, AuditStats } from '../../shared/schemas/audit'
import type { TestPortal } from '../helpers/portal'
import { expect, json, test } from './fixtures'

test.use({ stage: { name: 'audit' }, reducedMotion: 'reduce' })

/** Twenty pages and a bit, of pages smaller than the portal's own: what is loaded counts, not how much of it. */
const MANY = 205
const PAGE = 10
const AT_ONCE = 10

const list = (page: Page) => page.getByRole('list', { name: 'Events' })
const rows = (page: Page) => list(page).getByRole('listitem')
const field = (page: Page) => page.getByRole('combobox', { name: 'Search the log' })
const total = (page: Page) => page.getByRole('group', { name: 'Totals' }).getByRole('button', { name: /events/ })
const stats = (portal: TestPortal, query: string) => json<AuditStats>(portal, `/api/v1/audit/stats?${query}`)

async function serious(page: Page): Promise<unknown[]> {
  const found: unknown[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    found.push(...bad.map(({ id, nodes }) => [colorScheme, id, nodes[0]?.html]))
  }
  return found
}

async function create(portal: TestPortal, slug: string, name: string): Promise<void> {
  const answer = await portal.api('/api/v1/tenants', { method: 'POST', json: { slug, name, plan: 'basic' } })
  if (!answer.ok) throw new Error(`the tenant was not created: ${await answer.text()}`)
}

test.beforeAll(async ({ portal }) => {
  await create(portal, 'acme', 'Acme Logistics')
  const change = { name: 'Acme Logistics', plan: 'plus', version: 1 }
  expect((await portal.api('/api/v1/tenants/acme', { method: 'PATCH', json: change })).ok).toBe(true)
  const wrong = await fetch(`${portal.baseUrl}/api/v1/tenants`, { headers: { authorization: 'Bearer wrong' } })
  expect(wrong.status).toBe(401)
  await expect.poll(async () => (await stats(portal, 'outcome=failure')).total, { timeout: 30_000 }).toBeGreaterThan(0)
})

test('chips, outcome and the typed query narrow the list, and the address holds all of it', async ({ page, context }) => {
  await page.goto('/')
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL('/audit')
  await expect(rows(page).first()).toBeVisible()
  expect(await serious(page)).toEqual([])

  await page.getByRole('group', { name: 'Kind of event' }).getByRole('button', { name: 'Tenants' }).click()
  await expect(page).toHaveURL('/audit?category=tenant')
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).first()).toContainText('changed tenant Acme Logistics')

  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('Failure')
  await expect(page).toHaveURL('/audit?outcome=failure')
  await expect(rows(page).first()).toContainText('A bearer token was not accepted')

  await field(page).fill('action:tenant.* out')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.type('suc')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field(page)).toHaveValue('action:tenant.* outcome:success')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/audit?outcome=success&action=tenant.*')
  await expect(rows(page)).toHaveCount(2)

  const second = await context.newPage()
  await second.goto(page.url())
  await expect(field(second)).toHaveValue('action:tenant.* outcome:success')
  await expect(rows(second)).toHaveCount(2)
  await second.close()

  await page.goBack()
  await expect(page).toHaveURL('/audit?outcome=failure')
  await field(page).fill('colour:red')
  await page.keyboard.press('Enter')
  await expect(page.getByText('There is no key colour')).toBeVisible()
  await expect(page).toHaveURL('/audit?outcome=failure')
})

test('a stretch of the histogram is picked by keys and by dragging', async ({ page }) => {
  await page.goto('/audit?range=24h')
  const volume = page.getByRole('region', { name: 'Volume over time' })
  const from = volume.getByRole('slider', { name: 'From' })
  await expect(rows(page).first()).toBeVisible()
  // The last bar is now: all that happened, happened in it or in the one before.
  await from.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/range=24h&from=.+&to=/)
  await expect(volume.getByText(/^Only /)).toBeVisible()
  await expect(rows(page).first()).toBeVisible()
  await volume.getByRole('button', { name: 'Whole range' }).click()
  await expect(page).toHaveURL('/audit?range=24h')

  const box = (await volume.locator('svg[viewBox]').first().boundingBox())!
  await page.mouse.move(box.x + 5, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 3, box.y + 20, { steps: 4 })
  await page.mouse.up()
  await expect(page).toHaveURL(/from=.+&to=/)
  await expect(page.getByText('No event here')).toBeVisible()
  await page.goBack()
  await expect(rows(page).first()).toBeVisible()
})

test('what is new waits behind a pill, and comes by itself with the live tail', async ({ page, portal }) => {
  await page.goto('/audit?action=tenant.created')
  await expect(rows(page).first()).toBeVisible()
  const before = await rows(page).count()
  await create(portal, 'pill-a', 'Pill A')
  await create(portal, 'pill-b', 'Pill B')
  const pill = page.getByRole('button', { name: '2 new events' })
  await expect(pill).toBeVisible()
  await expect(rows(page)).toHaveCount(before)
  await pill.click()
  await expect(rows(page).first()).toContainText('created tenant Pill B')
  await expect(rows(page)).toHaveCount(before + 2)

  await page.getByText('Live tail').click()
  await expect(page).toHaveURL(/tail=1/)
  await create(portal, 'tail-a', 'Tail A')
  await expect(rows(page).first()).toContainText('created tenant Tail A')
})

test('an event opens with its change, its neighbours and its place in the log, which the browser verifies', async ({ page }) => {
  await page.goto('/audit?action=tenant.updated')
  await rows(page).first().getByRole('link').click()
  await expect(page).toHaveURL(/event=/)
  const panel = page.getByRole('dialog', { name: /changed tenant Acme Logistics/ })
  const change = panel.getByRole('region', { name: 'Before and after' })
  await expect(change.getByText('basic')).toBeVisible()
  await expect(change.getByText('plus')).toBeVisible()
  await expect(panel.getByRole('region', { name: 'Of the same thing' })).toContainText('created tenant Acme Logistics')
  await panel.getByRole('button', { name: 'Verify' }).click()
  await expect(panel.getByText('It stands in the log, unchanged')).toBeVisible()
  expect(await serious(page)).toEqual([])
  await page.reload()
  await expect(panel).toBeVisible()

  // A server that shows something else than its log holds is found out by the browser.
  await page.route(/\/api\/v1\/audit\/[0-9A-Z]{26}$/, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { event?: { resourceId: string } }
    if (body.event) body.event.resourceId = 'somebody-else'
    await route.fulfill({ response: answer, json: body })
  })
  await page.reload()
  await panel.getByRole('button', { name: 'Verify' }).click()
  await expect(panel.getByText('This is not what the log holds')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL('/audit?action=tenant.updated')
})

test('older events load for more than twenty pages, and an export has exactly as many', async ({ page, portal }) => {
  const partners = Array.from({ length: MANY }, (_, n) => `many-${n}`)
  for (let at = 0; at < partners.length; at += AT_ONCE)
    await Promise.all(
      partners
        .slice(at, at + AT_ONCE)
        .map((slug) => portal.api('/api/v1/partners', { method: 'POST', json: { slug, name: slug } })),
    )
  const query = 'action=partner.created'
  await expect.poll(async () => (await stats(portal, query)).total, { timeout: 60_000 }).toBeGreaterThanOrEqual(MANY)

  await page.route(/\/api\/v1\/audit\?/, (route) =>
    route.continue({ url: route.request().url().replace('limit=100', `limit=${PAGE}`) }),
  )
  await page.goto(`/audit?${query}`)
  await expect(total(page)).toContainText(MANY.toLocaleString('en'))
  const older = page.getByRole('button', { name: 'Load older events' })
  for (let shown = PAGE; shown < MANY; shown += PAGE) {
    await expect(page.getByText(`${shown.toLocaleString('en')} shown`)).toBeVisible()
    await older.click()
  }
  await expect(page.getByText(`${MANY.toLocaleString('en')} shown, all there is in this range`)).toBeVisible()
  await expect(older).toBeHidden()
  // However long the list is, only what is in sight is drawn.
  expect(await rows(page).count()).toBeLessThan(100)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export these events as JSON lines' }).click()
  let text = ''
  for await (const piece of await (await download).createReadStream()) text += String(piece)
  const exported = text.trimEnd().split('\n')
  expect(exported).toHaveLength(MANY)
  const first = await json<AuditPage>(portal, `/api/v1/audit?${query}&limit=1`)
  expect((JSON.parse(exported[0]!) as { id: string }).id).toBe(first.events[0]!.id)
})

test('a view is kept under a name and found again', async ({ page }) => {
  await page.goto('/audit?range=24h&outcome=failure&category=authentication%2Caccess')
  await page.getByRole('button', { name: 'Save view' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Refused')
  await expect(dialog.getByText('outcome:failure, in 24 hours')).toBeVisible()
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog).toHaveCount(0)
  await page.goto('/audit?range=30d')
  await page.getByRole('combobox', { name: 'Saved views' }).selectOption('Refused')
  // A span stays a span: it ends whenever the view is opened.
  await expect(page).toHaveURL('/audit?range=24h&category=authentication,access&outcome=failure')
  await expect(rows(page).first()).toContainText('A bearer token was not accepted')
})

test('a source is set up, its secret is never shown again, and it pauses', async ({ page }) => {
  await page.goto('/audit')
  await page.getByRole('link', { name: 'Sources' }).click()
  await expect(page).toHaveURL('/audit/sources')
  const card = page.getByRole('article', { name: 'Authentik' })
  await card.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Authentik: settings' })
  await dialog.getByRole('textbox', { name: 'Address' }).fill('not an address')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('an http or https address')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://id.invalid')
  await dialog.getByLabel('Token').fill('canary-token')
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await card.getByRole('button', { name: 'Settings' }).click()
  await expect(dialog.getByRole('textbox', { name: 'Address' })).toHaveValue('https://id.invalid')
  await expect(dialog.getByLabel('Token')).toHaveValue('')
  await expect(dialog.getByLabel('Token')).toHaveAttribute('placeholder', /stored/)
  expect(await page.content()).not.toContain('canary-token')
  await page.keyboard.press('Escape')

  await card.getByRole('button', { name: 'Test connection' }).click()
  await expect(card.getByText('The name of the server has no address.').first()).toBeVisible()
  await card.getByRole('button', { name: 'Pause' }).click()
  await expect(card.getByText('Paused')).toBeVisible()
  await card.getByRole('button', { name: 'Go on' }).click()
  await expect(card.getByRole('button', { name: 'Pause' })).toBeVisible()
})
