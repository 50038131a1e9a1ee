import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, stranger, test } from './fixtures'

test.use({ stage: { name: 'looked at', sample: true }, contextOptions: { reducedMotion: 'reduce' } })

const PAGES: [path: string, what: (page: Page) => ReturnType<Page['getByRole']>][] = [
  ['/', (page) => page.getByRole('list', { name: 'Domains' }).getByRole('link').first()],
  ['/?view=rows&tenant=quinta-do-vale', (page) => page.getByRole('list', { name: 'Domains' }).getByRole('link').first()],
  ['/?view=matrix&tenant=quinta-do-vale', (page) => page.getByRole('table').getByRole('link').first()],
  ['/?q=nothing-at-all', (page) => page.getByRole('button', { name: 'Clear the filters' })],
  ['/checks/quinta-do-vale/vinhasdodouro.pt', (page) => page.getByRole('list', { name: 'Checks' })],
  ['/tenants', (page) => page.getByRole('table')],
  ['/tenants/quinta-do-vale', (page) => page.getByRole('table')],
  ['/audit/sources', (page) => page.getByRole('list', { name: 'Sources' })],
  ['/settings/mail-hosts', (page) => page.getByRole('table')],
  ['/settings/mail-hosts/new', (page) => page.getByLabel('Health address')],
  ['/settings/checks', (page) => page.getByRole('switch').first()],
  ['/settings/users', (page) => page.getByRole('table')],
  ['/settings/about', (page) => page.getByText('Free where the data lies')],
  ['/nothing/here', (page) => page.getByText('There is nothing at this address')],
  ['/no-access', (page) => page.getByRole('heading', { name: 'You have no access to Vigia' })],
  ['/auth/signed-out', (page) => page.getByRole('heading', { name: 'You are signed out' })],
]

/** What lies over a page: how to open it, and the dialog that it opens. */
const LAYERS: [name: string, path: string, open: (page: Page) => Promise<void>][] = [
  ['the scorecard', '/?card=quinta-do-vale/vinhasdodouro.pt', async () => undefined],
  ['an unknown verdict', '/?card=sao-rafael/saorafael.pt', async () => undefined],
  ['the palette', '/', (page) => page.keyboard.press('Control+k')],
  ['the shortcuts', '/', (page) => page.keyboard.press('?')],
  ['a new tenant with an error', '/tenants?new=1', (page) => page.getByRole('button', { name: 'Create tenant' }).click()],
  ['a new domain', '/tenants/nordlys', (page) => page.getByRole('button', { name: 'Add domain' }).click()],
  ['many domains', '/tenants/nordlys', (page) => page.getByRole('button', { name: 'Paste many' }).click()],
  ['a tenant’s change', '/tenants/nordlys', (page) => page.getByRole('button', { name: 'Edit', exact: true }).click()],
  ['a removal', '/tenants/nordlys', (page) => page.getByRole('button', { name: 'Remove skovgaard.dk' }).click()],
]

/** Serious and critical findings inside of `part` in light, and of the colours in dark: nothing else depends on them. */
async function findings(page: Page, part = 'html'): Promise<string[]> {
  await showIn(page, 'light')
  const light = await new AxeBuilder({ page }).include(part).analyze()
  await showIn(page, 'dark')
  const dark = await new AxeBuilder({ page }).include(part).withRules(['color-contrast', 'link-in-text-block']).analyze()
  return [...told('light', light), ...told('dark', dark)]
}

/** A colour on its way to another is neither. */
async function showIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
}

const told = (scheme: string, { url, violations }: Awaited<ReturnType<AxeBuilder['analyze']>>) =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${url} ${scheme} ${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`,
    )

test('no page has a serious finding', async ({ page }) => {
  test.setTimeout(400_000)
  for (const [path, ready] of PAGES) {
    await page.goto(path)
    await expect(ready(page)).toBeVisible()
    expect.soft(await findings(page)).toEqual([])
  }
})

test('nothing that lies over a page has a serious finding', async ({ page }) => {
  test.setTimeout(400_000)
  for (const [name, path, open] of LAYERS) {
    await page.goto(path)
    await expect(page.getByRole('navigation', { name: 'Main', includeHidden: true }).first()).toBeAttached()
    await expect(page.getByText(/^Loading/).filter({ visible: true })).toHaveCount(0)
    await open(page)
    await expect(page.getByRole('dialog')).toBeVisible()
    await expect(
      page
        .getByRole('dialog')
        .getByText(/^Loading/)
        .filter({ visible: true }),
    ).toHaveCount(0)
    expect.soft(await findings(page, '[role="dialog"]'), name).toEqual([])
  }
})

test('the sign-in form has no serious finding, with and without an error', async ({ browser, portal }) => {
  const context = await stranger(browser, portal)
  const page = await context.newPage()
  await page.goto('/')
  expect.soft(await findings(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Username' }).fill('nobody')
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  expect.soft(await findings(page)).toEqual([])
  await context.close()
})

test('the theme follows the system, and the switch beats it and is kept', async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('/')
  await expect.poll(ground).toContain('dark')
  await page.getByRole('button', { name: /^Theme: system/ }).click()
  await expect(page.getByRole('button', { name: /^Theme: light/ })).toBeVisible()
  await expect.poll(ground).toBe('light')
  await page.reload()
  await expect(page.getByRole('button', { name: /^Theme: light/ })).toBeVisible()
  await expect.poll(ground).toBe('light')
})
