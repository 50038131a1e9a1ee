import type { Page } from '@playwright/test'
import type { Run, Scorecard } from '../../shared/schemas/checks'
import type { Overview } from '../../shared/schemas/overview'
import type { WorldDomain } from '../../world'
import type { TestPortal } from '../helpers/portal'
import { expect, json, test } from './fixtures'

test.use({ stage: { name: 'overview', sample: true } })

const PATIENCE_MS = 120_000

const cards = (page: Page) => page.getByRole('list', { name: 'Domains' }).getByRole('link')
const card = (page: Page, domain: string) =>
  cards(page).and(page.getByRole('link', { name: new RegExp(`(^| )${domain.replaceAll('.', '\\.')}$`) }))
/** All of the card, with its badge. */
const item = (page: Page, domain: string) =>
  page
    .getByRole('list', { name: 'Domains' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name: domain }) })
const search = (page: Page) => page.getByRole('searchbox', { name: 'Filter tenants and domains' })

async function scorecard(portal: TestPortal, { tenant, body }: WorldDomain): Promise<Scorecard> {
  return json(portal, `/api/v1/audit/tenants/${tenant}/scorecard?domain=${body.domain}`)
}

/** Runs the checks of a domain and waits until the run is over. */
async function run(portal: TestPortal, { tenant, body }: WorldDomain): Promise<void> {
  const answer = await portal.api(`/api/v1/audit/run/${tenant}?domain=${body.domain}`, { method: 'POST' })
  const { runId } = (await answer.json()) as { runId: string }
  await expect
    .poll(async () => (await json<Run>(portal, `/api/v1/audit/runs/${runId}`)).status, { timeout: PATIENCE_MS })
    .toBe('done')
}

const verdictsOf = ({ checks }: Scorecard) =>
  Object.fromEntries(checks.map(({ checkId, status, reason }) => [checkId, { status, reason }]))

test('every domain of the world has exactly the verdicts of its story', async ({ portal, world }) => {
  test.setTimeout(3 * PATIENCE_MS)
  const wrong: WorldDomain[] = []
  for (const domain of world.domains()) {
    const found = verdictsOf(await scorecard(portal, domain))
    if (JSON.stringify(found) !== JSON.stringify(domain.expect)) wrong.push(domain)
  }
  // On a busy machine an answer may be slow; a second look, with nothing else going on, has to be right.
  for (const domain of wrong) await run(portal, domain)
  for (const domain of wrong) expect.soft(verdictsOf(await scorecard(portal, domain)), domain.story).toEqual(domain.expect)
})

test('the page says the same as the API: tiles, headline, matrix', async ({ page, portal, world }) => {
  const { totals } = await json<Overview>(portal, '/api/v1/audit/overview')
  expect(totals.domains.all).toBe(world.domains().length)
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    `${totals.tenants.healthy} of ${totals.tenants.all} tenants healthy`,
  )
  const tiles = page.getByRole('group', { name: 'Domains by status' })
  for (const status of ['healthy', 'degraded', 'failing', 'unknown'] as const)
    await expect(tiles.getByRole('button', { name: status })).toContainText(String(totals.domains[status]))
  await page.getByText('Matrix', { exact: true }).click()
  await expect(page).toHaveURL('/?view=matrix')
  const matrix = page.getByRole('table', { name: 'Domains and their eight checks' })
  await expect(matrix).toHaveAttribute('aria-rowcount', String(totals.domains.all + 1))
  await expect(matrix.getByRole('columnheader')).toHaveText([
    'Domain',
    'Mail',
    'VHost',
    'Cert',
    'MX',
    'SPF',
    'DKIM',
    'DMARC',
    'Web',
  ])
})

test('a tile filters, the URL keeps it, a reload too, Back undoes it', async ({ page, portal }) => {
  const { totals } = await json<Overview>(portal, '/api/v1/audit/overview')
  await page.goto('/')
  const tile = page.getByRole('group', { name: 'Domains by status' }).getByRole('button', { name: 'failing' })
  await tile.click()
  await expect(page).toHaveURL('/?status=failing')
  await expect(tile).toHaveAttribute('aria-pressed', 'true')
  await expect(cards(page).first()).toBeVisible()
  await expect(page.getByRole('listitem').and(page.locator('[aria-posinset="1"]'))).toHaveAttribute(
    'aria-setsize',
    String(totals.domains.failing),
  )
  await page.reload()
  await expect(tile).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('combobox', { name: 'Failing check' }).selectOption('SPF failing')
  await expect(page).toHaveURL(/status=failing&failing=dns_spf/)
  await expect(card(page, 'vinhasdodouro.pt')).toBeVisible()
  await page.goBack()
  await expect(page).toHaveURL('/?status=failing')
  await page.goBack()
  await expect(page).toHaveURL('/')
  await expect(tile).toHaveAttribute('aria-pressed', 'false')
})

test('text, partner and plan narrow together; what matches nothing says so and can be cleared', async ({ page }) => {
  await page.goto('/')
  await search(page).fill('quinta')
  await expect(page).toHaveURL('/?q=quinta')
  await expect(card(page, 'loja.quintadovale.pt')).toBeVisible()
  await expect(card(page, 'fjordbank.dk')).toHaveCount(0)
  await page.getByRole('combobox', { name: 'Partner' }).selectOption('Iberia Cloud')
  await expect(card(page, 'loja.quintadovale.pt')).toBeVisible()
  await page.getByRole('combobox', { name: 'Plan' }).selectOption('enterprise')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page).toHaveURL('/')
  await expect(search(page)).toHaveValue('')
  await expect(cards(page).first()).toBeVisible()
})

test('the rows of the matrix lie close to one another', async ({ page }) => {
  await page.goto('/?view=matrix')
  const boxes = page.getByRole('row').filter({ has: page.getByRole('rowheader') })
  await expect(boxes.nth(1)).toBeVisible()
  const [first, second] = [await boxes.nth(0).boundingBox(), await boxes.nth(1).boundingBox()]
  expect(second!.y - first!.y).toBeCloseTo(first!.height, 0)
})

test('a filter of the matrix brings other domains into its rows, and nothing flashes as if it had changed', async ({ page }) => {
  await page.goto('/?view=matrix&sort=name')
  const names = page.getByRole('rowheader')
  const before = await names.first().textContent()
  await page.evaluate(() => {
    const flashes = document.documentElement.dataset
    document.addEventListener('animationstart', ({ animationName }) => {
      flashes.animated = `${flashes.animated ?? ''} ${animationName}`
    })
  })
  await page.getByRole('group', { name: 'Domains by status' }).getByRole('button', { name: 'failing' }).click()
  await expect(page).toHaveURL(/status=failing/)
  await expect(names.first()).not.toHaveText(before!)
  // An animation that began with this frame is told of in the next.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  expect(await page.evaluate(() => document.documentElement.dataset.animated ?? '')).not.toContain('flash')
})

test('the rows and the matrix filter alike, and lead to the same scorecard', async ({ page }) => {
  for (const view of ['rows', 'matrix']) {
    await page.goto(`/?view=${view}&q=vinhas`)
    await page.getByRole('link', { name: /vinhasdodouro\.pt/ }).click()
    await expect(
      page.getByRole('dialog', { name: 'vinhasdodouro.pt' }).getByRole('button', { name: /Failing SPF/ }),
    ).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page).toHaveURL(new RegExp(`view=${view}&q=vinhas$`))
  }
})

test('a card opens its scorecard with an address of its own; Esc and Back close it', async ({ page }) => {
  await page.goto('/?q=vinhas')
  await card(page, 'vinhasdodouro.pt').click()
  const panel = page.getByRole('dialog', { name: 'vinhasdodouro.pt' })
  await expect(panel).toBeVisible()
  await expect(page).toHaveURL(/card=quinta-do-vale(\/|%2F)vinhasdodouro\.pt/)
  await page.reload()
  await expect(panel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(page).toHaveURL('/?q=vinhas')
  await card(page, 'vinhasdodouro.pt').click()
  await expect(panel).toBeVisible()
  await page.goBack()
  await expect(panel).toBeHidden()
})

test('the tenant in the bar narrows every page', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Tenant: All tenants' }).click()
  await page.getByRole('dialog').getByLabel('Switch to a tenant').fill('nordlys')
  await page.getByRole('option', { name: /Nordlys/ }).click()
  await expect(page).toHaveURL('/?tenant=nordlys')
  await expect(card(page, 'skovgaard.dk')).toBeVisible()
  await expect(card(page, 'vinhasdodouro.pt')).toHaveCount(0)
  await page.getByRole('link', { name: 'Tenants', exact: true }).click()
  await expect(page).toHaveURL('/tenants?tenant=nordlys')
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Show all tenants' }).click()
  await expect(page).toHaveURL('/')
})

test('a mended record turns its row green under “Run now”, and the card behind it, without a reload', async ({ page, world }) => {
  await page.goto('/?q=mercadoribeira')
  await expect(item(page, 'mercadoribeira.pt')).toContainText('No SPF record')
  await card(page, 'mercadoribeira.pt').click()
  const panel = page.getByRole('dialog', { name: 'mercadoribeira.pt' })
  await expect(panel.getByRole('button', { name: /Failing SPF/ })).toBeVisible()
  await page.evaluate(() => document.body.setAttribute('data-same-page', ''))

  world.zones.set('mercadoribeira.pt', 'TXT', ['v=spf1 ip4:203.0.113.25 ip6:2001:db8:113::25 -all'])
  await panel.getByRole('button', { name: 'Run now' }).click()
  await expect(panel.getByRole('button', { name: /^Checking/ }).first()).toBeVisible()
  await expect(panel.getByRole('button', { name: /Passing SPF/ })).toBeVisible({ timeout: PATIENCE_MS })
  await expect(panel.getByRole('button', { name: 'Run now' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(item(page, 'mercadoribeira.pt')).not.toContainText('No SPF record')
  await expect(page.locator('body')).toHaveAttribute('data-same-page', '')
})

test('a run that somebody else starts shows in every open page', async ({ page, world, portal }) => {
  const domain = world.domains().find(({ body }) => body.domain === 'azulejoslima.pt')!
  await page.goto('/?q=azulejoslima')
  await expect(item(page, 'azulejoslima.pt')).toContainText('Several SPF records')
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live')
  world.zones.set('azulejoslima.pt', 'TXT', ['v=spf1 ip4:203.0.113.25 ip6:2001:db8:113::25 -all'])
  await run(portal, domain)
  await expect(item(page, 'azulejoslima.pt')).not.toContainText('Several SPF records')
})

test('a name service that only says SERVFAIL turns nothing to fail', async ({ portal, world }) => {
  test.setTimeout(3 * PATIENCE_MS)
  const failing = async () => {
    const { domains } = await json<Overview>(portal, '/api/v1/audit/overview?limit=1000')
    return domains.flatMap(({ domain, checks }) =>
      checks.flatMap(({ id, status }) => (status === 'fail' ? [`${domain} ${id}`] : [])),
    )
  }
  // Those that fail anyway; the front ends are asked by address, so what is wrong with them can still be seen.
  const declared = world
    .domains()
    .flatMap(({ body, expect }) => (expect.nginx_vhost.status === 'fail' ? [`${body.domain} nginx_vhost`] : []))
  const before = new Set([...(await failing()), ...declared])
  world.faults.dns('servfail')
  try {
    await Promise.all(world.domains().map((domain) => run(portal, domain)))
    expect((await failing()).filter((check) => !before.has(check))).toEqual([])
    const healthy = world.domains().find(({ body }) => body.domain === 'umbrella.example')!
    const { checks } = await scorecard(portal, healthy)
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  } finally {
    world.faults.dns(null)
  }
})
