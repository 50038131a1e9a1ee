import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ stage: { name: 'looked at', sample: true }, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

const cards = (page: Page) => page.getByRole('list', { name: 'Domains' }).getByRole('link')

/** What is wider than the window, so that a failure names it. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth > clientWidth ? `${scrollWidth} px in ${clientWidth} px at ${location.href}` : ''
  })

test('the navigation is a drawer that leads on and closes', async ({ page }) => {
  await page.goto('/')
  const drawer = page.getByRole('dialog', { name: 'Menu' })
  await expect(drawer).toBeHidden()
  await page.getByRole('button', { name: 'Open the menu' }).tap()
  await expect(drawer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('button', { name: 'Open the menu' })).toBeFocused()
  await page.getByRole('button', { name: 'Open the menu' }).tap()
  await drawer.getByRole('link', { name: 'Tenants', exact: true }).tap()
  await expect(page).toHaveURL('/tenants')
  await expect(drawer).toBeHidden()
})

test('cards stand in one column, and a scorecard takes the whole width', async ({ page }) => {
  await page.goto('/')
  await expect(cards(page).nth(1)).toBeVisible()
  const items = page.getByRole('list', { name: 'Domains' }).getByRole('listitem')
  const [first, second] = [await items.nth(0).boundingBox(), await items.nth(1).boundingBox()]
  expect(second!.x).toBe(first!.x)
  expect(second!.y).toBeGreaterThanOrEqual(first!.y + first!.height)
  expect(first!.width).toBeGreaterThan(340)

  await cards(page).first().tap()
  const panel = page.getByRole('dialog')
  await expect(panel.getByRole('list', { name: 'Checks' })).toBeVisible()
  await expect.poll(() => panel.boundingBox()).toMatchObject({ x: 0, width: 390 })
  await panel.getByRole('button', { name: 'Close' }).tap()
  await expect(panel).toBeHidden()
})

const PAGES = [
  '/',
  '/?view=rows',
  '/?view=matrix',
  '/?card=quinta-do-vale/vinhasdodouro.pt',
  '/checks/padaria-central/xn--pastelaria-so-joo-jqbe.pt',
  '/tenants',
  '/tenants?new=1',
  '/tenants/quinta-do-vale',
  '/audit',
  '/audit/sources',
  '/settings/mail-hosts',
  '/settings/mail-hosts/new',
  '/settings/checks',
  '/settings/users',
  '/settings/about',
  '/nothing/here',
  '/no-access',
]

test('no page scrolls sideways at 390 px, nor at 360', async ({ page }) => {
  for (const path of PAGES) {
    await page.setViewportSize({ width: 390, height: 800 })
    await page.goto(path)
    await expect(page.getByRole('heading').or(page.getByText('There is nothing at this address')).first()).toBeVisible()
    await expect(page.getByText(/^Loading/).filter({ visible: true })).toHaveCount(0)
    expect.soft(await overflow(page)).toBe('')
    await page.setViewportSize({ width: 360, height: 800 })
    expect.soft(await overflow(page)).toBe('')
  }
})

test('what is tapped is large enough', async ({ page }) => {
  await page.goto('/')
  await expect(cards(page).first()).toBeVisible()
  const small = await page
    .getByRole('banner')
    .getByRole('button')
    .evaluateAll((buttons) =>
      buttons.flatMap((button) => {
        const { width, height } = button.getBoundingClientRect()
        return width > 0 && (width < 24 || height < 24) ? [button.outerHTML.slice(0, 100)] : []
      }),
    )
  expect(small).toEqual([])
})
