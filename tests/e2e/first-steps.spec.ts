import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

// Slow enough that a run can be watched.
test.use({ stage: { name: 'first-steps', delayMs: 300 } })
// One path: each test goes on where the one before has stopped.
test.describe.configure({ mode: 'serial' })

const TENANT = { name: 'Quinta do Vale, Lda.', slug: 'quinta-do-vale-lda' }
/** SPF allows the whole world; everything else is well. */
const DOMAIN = 'vinhasdodouro.pt'
const FIRST_SCORE_MS = 30_000

const openTenant = (page: Page) => page.goto(`/tenants/${TENANT.slug}`)

test('an empty portal shows one next step', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Three steps to the first score' })).toBeVisible()
  const steps = page.getByRole('main').getByRole('listitem')
  await expect(steps).toHaveCount(3)
  await expect(page.getByRole('main').getByRole('link')).toHaveText(['Add a mail host'])
  await expect(page.locator('[aria-current=step]')).toContainText('Add a mail host')
})

test('a mail host with mistakes is refused at its fields, and nothing typed is lost', async ({ page }) => {
  await page.goto('/settings/mail-hosts/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Carbonio Lisboa')
  await page.getByLabel('Health address').fill('mail.example.org/health')
  await page.getByLabel('MX names').fill('mx1.example.org\nnot a name')
  await page.getByLabel('Marker').fill('login')
  await page.getByRole('button', { name: 'Add mail host' }).click()
  await expect(page.getByLabel('Health address')).toBeFocused()
  await expect(page.getByLabel('Health address')).toHaveAccessibleDescription(/an http or https address/)
  await expect(page.getByLabel('MX names')).toHaveAccessibleDescription(/Entry 2\..*a host name such as/)
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Carbonio Lisboa')

  await page.getByRole('link', { name: 'Overview' }).click()
  await expect(page.getByRole('dialog', { name: 'Discard what you have typed?' })).toBeVisible()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page).toHaveURL('/')
})

test('the first step: a mail host', async ({ page, world }) => {
  await page.goto('/')
  await page.getByRole('main').getByRole('link', { name: 'Add a mail host' }).click()
  const host = world.mailHosts().find(({ name }) => name === 'Carbonio Lisboa')!
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(host.name)
  await page.getByLabel('Health address').fill(host.healthUrl)
  await page.getByLabel('Admin address').fill(host.adminUrl)
  await page.getByRole('textbox', { name: 'User' }).fill(host.adminUser)
  await page.getByLabel('Password').fill(host.adminPassword)
  await page.getByLabel('MX names').fill(host.mx.join('\n'))
  await page.getByLabel('Sending addresses').fill(host.sendingAddresses.join('\n'))
  await page.getByLabel('Marker').fill(host.webmail.marker)
  await page.getByLabel('Front ends').fill(host.frontends.join('\n'))
  await page.getByLabel('HTTPS port').fill(String(host.webmail.port))
  await page.getByLabel('HTTP port').fill(String(host.webmail.httpPort))
  await page.getByRole('button', { name: 'Add mail host' }).click()
  await expect(page).toHaveURL('/settings/mail-hosts')
  await expect(page.getByRole('row', { name: /Carbonio Lisboa/ })).toContainText('password stored')
})

test('the second step: a tenant; a wrong slug is refused, a double click makes one', async ({ page, portal }) => {
  await page.goto('/')
  await expect(page.locator('[aria-current=step]')).toContainText('Add a tenant')
  await page.getByRole('main').getByRole('link', { name: 'Add a tenant' }).click()
  const dialog = page.getByRole('dialog', { name: 'New tenant' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await dialog.getByLabel('Name').fill(TENANT.name)
  await expect(dialog.getByLabel('Slug')).toHaveValue(TENANT.slug)

  await dialog.getByLabel('Slug').fill('Not a slug')
  await dialog.getByRole('button', { name: 'Create tenant' }).click()
  await expect(dialog.getByLabel('Slug')).toBeFocused()
  await expect(dialog.getByLabel('Slug')).toHaveAccessibleDescription(/lower-case letters, digits and inner hyphens/)

  await dialog.getByLabel('Slug').fill(TENANT.slug)
  await dialog.getByRole('button', { name: 'Create tenant' }).dblclick()
  await expect(page).toHaveURL(`/tenants/${TENANT.slug}`)
  await expect(page.getByRole('heading', { name: TENANT.name })).toBeVisible()
  const { tenants } = (await (await portal.api('/api/v1/tenants')).json()) as { tenants: unknown[] }
  expect(tenants).toHaveLength(1)
})

test('a slug that is taken is told, with what was typed still there', async ({ page }) => {
  await page.goto('/tenants?new=1')
  const dialog = page.getByRole('dialog', { name: 'New tenant' })
  await dialog.getByLabel('Name').fill('Another Quinta')
  await dialog.getByLabel('Slug').fill(TENANT.slug)
  await dialog.getByRole('button', { name: 'Create tenant' }).click()
  await expect(dialog.getByRole('alert')).toContainText(`The slug ${TENANT.slug} is taken.`)
  await expect(dialog.getByLabel('Name')).toHaveValue('Another Quinta')
  await page.keyboard.press('Escape')
  await expect(dialog.getByText('Discard what you have typed?')).toBeVisible()
  await dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(dialog).toBeHidden()
})

const WRONG_NAMES: [string, RegExp][] = [
  ['localhost', /single label/],
  ['vinhas douro.pt', /./],
  ['-vinhas.pt', /./],
  ['vinhas..pt', /./],
  ['https://vinhasdodouro.pt/', /./],
  ['192.0.2.1', /./],
]

test('a domain that is none is refused with the reason, at its field', async ({ page }) => {
  await openTenant(page)
  await page.getByRole('button', { name: 'Add a domain' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a domain' })
  const field = dialog.getByLabel('Domain', { exact: true })
  for (const [name, reason] of WRONG_NAMES) {
    await field.fill(name)
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await expect(field, name).toHaveAttribute('aria-invalid', 'true')
    await expect(field, name).toHaveAccessibleDescription(reason)
    await expect(field, name).toBeFocused()
    await field.fill('')
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await expect(field).toHaveAccessibleDescription(/Fill this in/)
  }
})

test('the third step: a domain, in any spelling, by a double click once; its score appears', async ({ page, world, portal }) => {
  const { dkim } = world.domains().find(({ body }) => body.domain === DOMAIN)!.body
  await page.goto('/')
  await expect(page.locator('[aria-current=step]')).toContainText('Add a domain')
  await openTenant(page)
  await page.getByRole('button', { name: 'Add a domain' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a domain' })
  await dialog.getByLabel('Domain', { exact: true }).fill(`  ${DOMAIN.toUpperCase()}. `)
  // The only one there is.
  await expect(dialog.getByLabel('Mail host', { exact: true })).toContainText('Carbonio Lisboa')
  await expect(dialog.getByLabel('Mail host', { exact: true })).not.toHaveValue('')
  await dialog.getByRole('button', { name: 'Add selector' }).click()
  await dialog.getByLabel('Selector 1', { exact: true }).fill(dkim[0]!.selector)
  await dialog.getByLabel('Public key').fill(dkim[0]!.publicKey)
  await dialog.getByRole('button', { name: 'Add domain' }).dblclick()
  await expect(dialog).toBeHidden()
  const line = page.getByRole('row', { name: new RegExp(DOMAIN) })
  await expect(line).toHaveCount(1)
  await expect(line).toContainText(/\d\/\d/, { timeout: FIRST_SCORE_MS })
  const { domains } = (await (await portal.api(`/api/v1/tenants/${TENANT.slug}`)).json()) as { domains: unknown[] }
  expect(domains).toHaveLength(1)
})

test('the same domain again is a conflict that says whose it is', async ({ page, portal }) => {
  await portal.api('/api/v1/tenants', { method: 'POST', json: { slug: 'other', name: 'Other' } })
  for (const [slug, words] of [
    [TENANT.slug, 'The tenant has this domain already.'],
    ['other', `The domain belongs to ${TENANT.name}`],
  ] as const) {
    await page.goto(`/tenants/${slug}`)
    await page
      .getByRole('button', { name: 'Add domain' })
      .or(page.getByRole('button', { name: 'Add a domain' }))
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: 'Add a domain' })
    await dialog.getByLabel('Domain', { exact: true }).fill(DOMAIN)
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await expect(dialog.getByRole('alert')).toContainText(words)
    await expect(dialog.getByLabel('Domain', { exact: true })).toHaveValue(DOMAIN)
  }
})

test('the card leads to the scorecard, which shows why and what to publish', async ({ page }) => {
  await page.goto('/')
  await page
    .getByRole('list', { name: 'Domains' })
    .getByRole('link', { name: new RegExp(DOMAIN) })
    .click()
  const panel = page.getByRole('dialog', { name: DOMAIN })
  await expect(panel.getByRole('list', { name: 'Checks', exact: true }).locator('> li')).toHaveCount(8)
  await expect(panel.getByRole('button', { name: /Failing SPF/ })).toHaveAttribute('aria-expanded', 'true')
  const detail = panel.getByRole('listitem').filter({ has: page.getByRole('button', { name: /Failing SPF/ }) })
  await expect(detail).toContainText('Everybody may send for this domain')
  await expect(detail.getByText(/^v=spf1 .*\+all$/).first()).toBeVisible()
  await expect(detail.getByText(/^127\.20\.0\.5\d.* TTL \d+/).first()).toBeVisible()
  await expect(detail.getByRole('link', { name: /RFC 7208/ })).toBeVisible()
  await expect(detail.getByRole('heading', { name: 'Found, and what to publish' })).toBeVisible()
  await expect(detail.getByRole('insertion')).toHaveText('v=spf1 include:_spf.lisboa.atlantico-mail.example -all')
  await expect(detail.getByRole('button', { name: 'Copy what to publish' })).toBeVisible()
})

test('“Run now” shows the rows at work and keeps the verdicts', async ({ page }) => {
  await page.goto(`/checks/${TENANT.slug}/${DOMAIN}`)
  const rows = page.getByRole('list', { name: 'Checks' })
  await expect(rows.getByRole('button', { name: /Failing SPF/ })).toBeVisible()
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(rows.getByRole('button', { name: /^Checking/ }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run now' })).toBeVisible()
  await expect(rows.getByRole('button', { name: /^Checking/ })).toHaveCount(0)
  await expect(rows.getByRole('button', { name: /Failing SPF/ })).toBeVisible()
})

test('after a restart all is still there, the session too', async ({ page, portal }) => {
  await portal.stop()
  await portal.restart()
  await page.goto('/')
  const card = page.getByRole('list', { name: 'Domains' }).getByRole('link', { name: new RegExp(DOMAIN) })
  await expect(card).toBeVisible()
  await card.click()
  await expect(page.getByRole('dialog', { name: DOMAIN }).getByRole('button', { name: /Failing SPF/ })).toBeVisible()
  await page.goto('/settings/mail-hosts')
  await expect(page.getByRole('row', { name: /Carbonio Lisboa/ })).toContainText('password stored')
})
