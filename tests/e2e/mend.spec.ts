import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { readZoneFile } from '../helpers/zone-file'
import { expect, test } from './fixtures'

test.use({ stage: { name: 'mend', sample: true }, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] })

const PATIENCE_MS = 120_000
const DOMAIN = 'mercadoribeira.pt'

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const seriousFindings = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes[0]?.html])
}

test('a failing domain is understood and mended with its scorecard alone, and its row turns green live', async ({
  page,
  world,
}) => {
  test.setTimeout(2 * PATIENCE_MS)
  await page.goto(`/?q=${DOMAIN}`)
  await page
    .getByRole('link', { name: new RegExp(DOMAIN) })
    .first()
    .click()
  const card = page.getByRole('dialog', { name: DOMAIN })
  await expect(card.getByRole('button', { name: /Failing SPF/ })).toContainText('There is no SPF record')
  await card.getByRole('button', { name: 'Copy what to publish' }).first().click()
  const value = await clipboard(page)
  expect(value).toMatch(/^v=spf1 /)

  world.zones.set(DOMAIN, 'TXT', [value])
  await card.getByRole('button', { name: 'Run now' }).click()
  await expect(card.getByRole('button', { name: /Passing SPF/ })).toBeVisible({ timeout: PATIENCE_MS })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('list', { name: 'Domains' })).not.toContainText('No SPF record')
})

test('one page has all that a domain should publish, and published from its zone file it differs no more', async ({
  page,
  world,
}) => {
  test.setTimeout(2 * PATIENCE_MS)
  await page.goto('/checks/quinta-do-vale/vinhasdodouro.pt')
  await page.getByRole('link', { name: 'What to publish' }).click()
  await expect(page).toHaveURL('/checks/quinta-do-vale/vinhasdodouro.pt/publish')
  const records = page.getByRole('list', { name: 'Records' })
  const differing = records.getByRole('listitem').filter({ hasText: /Differs|Missing/ })
  await expect(differing.first()).toContainText('vinhasdodouro.pt')
  await expect(records.getByRole('listitem').filter({ hasText: 'As it should be' }).first()).toBeVisible()
  expect(await seriousFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Copy all records' }).click()
  expect(await clipboard(page)).toContain('vinhasdodouro.pt. TXT v=spf1 ')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download zone file' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('vinhasdodouro.pt.zone')
  let text = ''
  for await (const piece of await file.createReadStream()) text += String(piece)
  const lines = readZoneFile(text)
  for (const { name, type } of lines)
    if (type === 'TXT')
      world.zones.set(
        name,
        type,
        lines.filter((line) => line.name === name && line.type === type).map((line) => line.value),
      )
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(differing.filter({ hasText: 'TXT' })).toHaveCount(0, { timeout: PATIENCE_MS })
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('what to publish fits, long keys too', async ({ page }) => {
    await page.goto('/checks/quinta-do-vale/vinhasdodouro.pt/publish')
    await expect(page.getByRole('list', { name: 'Records' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
})
