import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ stage: { name: 'mend', sample: true }, reducedMotion: 'reduce' })

const CARD = '/checks/quinta-do-vale/vinhasdodouro.pt?check=dns_spf'

const serious = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes[0]?.html])
}

test('a failure is accepted with a reason, stays visible, and counts again when that is withdrawn', async ({ page }) => {
  await page.goto(CARD)
  const row = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /SPF/ }) })
  await row.getByRole('button', { name: 'Accept this deviation' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Accept' }).click()
  await expect(dialog).toContainText('Say why this is right as it is')
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The old system sends until the end of the year')
  await dialog.getByRole('button', { name: 'Accept' }).click()
  await expect(row).toContainText('The old system sends until the end of the year')
  await expect(row.getByRole('button', { name: /SPF/ })).toContainText('Accepted')
  await row.getByRole('button', { name: 'Withdraw' }).click()
  await expect(row.getByRole('button', { name: 'Accept this deviation' })).toBeVisible()
})

test('a check tells when it changed, and what an SPF record costs', async ({ page }) => {
  await page.goto(CARD)
  await expect(page.getByRole('region', { name: 'DNS look-ups of the record' })).toContainText('of 10 look-ups')
  const row = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /SPF/ }) })
  await row.getByText('History of this check').click()
  await expect(row.getByText('first look')).toBeVisible()
  expect(await serious(page)).toEqual([])
})

test('what changed has an address of its own for each span', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'What changed' }).click()
  await expect(page).toHaveURL('/checks/changes')
  await page.getByText('7 days', { exact: true }).click()
  await expect(page).toHaveURL('/checks/changes?days=7')
  await expect(page.getByRole('list', { name: 'Changes' }).or(page.getByText('Nothing changed'))).toBeVisible()
  expect(await serious(page)).toEqual([])
})
