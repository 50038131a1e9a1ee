import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

test.use({ stage: { name: 'overview', sample: true }, reducedMotion: 'reduce' })

test('groups count the domains, and one opens as a filter', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('combobox', { name: 'Groups' }).selectOption('By failing check')
  await expect(page).toHaveURL('/?group=failing')
  const table = page.getByRole('region', { name: 'Domains by failing check' })
  await expect(table.getByRole('link', { name: 'SPF' })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  await page.getByRole('combobox', { name: 'Groups' }).selectOption('By partner')
  await page.getByRole('link', { name: 'Iberia Cloud' }).click()
  await expect(page).toHaveURL('/?partner=iberia-cloud')
  await page.goBack()
  await expect(page).toHaveURL('/?group=partner')
})

test('an export is exactly what is filtered', async ({ page }) => {
  await page.goto('/?failing=dns_spf&sort=name')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export these domains as JSON' }).click()
  const file = await download
  let text = ''
  for await (const piece of await file.createReadStream()) text += String(piece)
  const names = (JSON.parse(text) as { domain: string }[]).map(({ domain }) => domain)
  await expect(page.getByRole('listitem').and(page.locator('[aria-posinset="1"]'))).toHaveAttribute(
    'aria-setsize',
    String(names.length),
  )
  expect(names).toContain('vinhasdodouro.pt')
  expect(names).toEqual([...names].sort())
})

test('picked domains are looked at again, with keys alone, and the page says when they were', async ({ page }) => {
  await page.goto('/?view=rows&q=quinta')
  await page.getByRole('button', { name: 'Select' }).click()
  await expect(page.getByRole('checkbox', { name: /^Select / }).first()).toBeAttached()
  await page.keyboard.press('j')
  await expect(page.getByRole('checkbox', { name: /^Select / }).first()).toBeFocused()
  await page.keyboard.press('Space')
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Check the selected' }).click()
  await expect(page.getByText(/1 domain looked at again/)).toBeVisible({ timeout: 60_000 })
})

test('the palette lists the domain that was typed before its tenant', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('list', { name: 'Domains' }).getByRole('link').first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: /Search tenants, domains/ })).toBeVisible()
  await page.keyboard.type('skovgaard.dk')
  await expect(page.getByRole('option').first()).toContainText('skovgaard.dk')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'skovgaard.dk' })).toBeVisible()
})
