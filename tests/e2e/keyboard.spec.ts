import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ stage: { name: 'looked at', sample: true } })

const list = (page: Page) => page.getByRole('list', { name: 'Domains' })
const focused = (page: Page) => page.locator(':focus')

async function open(page: Page, path = '/') {
  await page.goto(path)
  await expect(list(page).getByRole('link').first()).toBeVisible()
}

/** The focus can be seen: an outline, on the element itself or on what it draws for it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await focused(page).evaluate((element) => {
    const outlined = (style: CSSStyleDeclaration) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
    const near = [element, element.parentElement!, element.nextElementSibling].filter((one) => one !== null)
    return [...near.map((one) => getComputedStyle(one)), getComputedStyle(element, '::after')].some(outlined)
  })
  expect(seen, `no outline at ${await focused(page).evaluate((element) => element.outerHTML.slice(0, 120))}`).toBe(true)
}

test('Ctrl-K finds a domain and opens its scorecard; Esc closes it and goes on', async ({ page }) => {
  await open(page)
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: /Search tenants, domains/ })
  await expect(palette).toBeVisible()
  await page.keyboard.type('vinhasdod')
  // Its tenant is found by the same text, and stands before it.
  const domain = palette.getByRole('option', { name: /vinhasdodouro\.pt/ })
  await expect(domain).toBeVisible()
  await expect(palette.getByRole('option').first()).toHaveAttribute('data-highlighted')
  await page.keyboard.press('ArrowDown')
  await expect(domain).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: 'vinhasdodouro.pt' })
  await expect(panel).toBeVisible()
  await expect(panel).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page).toHaveURL('/')
})

test('the palette goes to pages, and Esc gives the focus back', async ({ page }) => {
  await open(page)
  const search = page.getByRole('searchbox', { name: 'Filter tenants and domains' })
  await search.focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(search).toBeFocused()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('mail ho')
  await expect(page.getByRole('option', { name: 'Mail hosts' })).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/settings/mail-hosts')
})

test('j and k walk through the domains, Enter opens, Esc closes and gives the focus back', async ({ page }) => {
  await open(page, '/?q=umbrella')
  const links = list(page).getByRole('link')
  await page.keyboard.press('j')
  await expect(links.nth(0)).toBeFocused()
  await expectVisibleFocus(page)
  await page.keyboard.press('j')
  await expect(links.nth(1)).toBeFocused()
  await page.keyboard.press('k')
  await expect(links.nth(0)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(links.nth(0)).toBeFocused()
})

test('j and k walk through the matrix as well', async ({ page }) => {
  await page.goto('/?view=matrix')
  const rows = page.getByRole('table').getByRole('link')
  await expect(rows.first()).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(rows.nth(1)).toBeFocused()
  await expectVisibleFocus(page)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
})

test('/ leads into the filter, and what is typed there is no shortcut', async ({ page }) => {
  await open(page)
  await page.keyboard.press('/')
  const search = page.getByRole('searchbox', { name: 'Filter tenants and domains' })
  await expect(search).toBeFocused()
  await expect(search).toHaveValue('')
  await page.keyboard.type('gt?jk/')
  await expect(search).toHaveValue('gt?jk/')
  await expect(page).toHaveURL(/\?q=gt/)
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('g o, g t and g s go to pages', async ({ page }) => {
  await open(page)
  for (const [key, path] of [
    ['t', '/tenants'],
    ['s', '/settings/mail-hosts'],
    ['o', '/'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page).toHaveURL(path)
  }
})

test('? lists the shortcuts, and single keys can be switched off', async ({ page }) => {
  await open(page)
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  for (const label of ['Search or jump to', 'Filter the list', 'Go to Tenants', 'Show these shortcuts', 'Close what is open'])
    await expect(help.getByText(label, { exact: true })).toBeVisible()
  const singleKeys = help.getByRole('switch', { name: 'Single-key shortcuts' })
  await singleKeys.press('Space')
  await expect(singleKeys).not.toBeChecked()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Filter tenants and domains' })).not.toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: /Search tenants, domains/ })).toBeVisible()
})

test('the scorecard is worked with keys alone: rows open and close, and the focus stays inside', async ({ page }) => {
  await page.goto('/?card=quinta-do-vale/vinhasdodouro.pt')
  const panel = page.getByRole('dialog', { name: 'vinhasdodouro.pt' })
  const spf = panel.getByRole('button', { name: /Failing SPF/ })
  await spf.focus()
  await expect(spf).toHaveAttribute('aria-expanded', 'true')
  await page.keyboard.press('Enter')
  await expect(spf).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('Space')
  await expect(spf).toHaveAttribute('aria-expanded', 'true')
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab')
    await expectVisibleFocus(page)
    expect(await panel.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
})

test('the first Tab offers to skip to the content, and every stop after it can be seen', async ({ page }) => {
  await open(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport()
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab')
    await expectVisibleFocus(page)
  }
})

test('Enter does not confirm a removal', async ({ page }) => {
  await page.goto('/tenants/nordlys')
  const remove = page.getByRole('button', { name: 'Remove skovgaard.dk' })
  await remove.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Remove skovgaard.dk?' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('row', { name: /skovgaard\.dk/ })).toBeVisible()
  await expect(remove).toBeFocused()
})
