// Takes the pictures of docs/screenshots from the sample world. After a build: node scripts/run.mjs scripts/screenshots.ts
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { AuditPage } from '#shared/schemas/audit'
import type { Run } from '#shared/schemas/checks'
import type { Overview } from '#shared/schemas/overview'
import { startPortal, TOKEN, type TestPortal } from '../tests/helpers/portal'
import { startWorld } from '../world'
import { startServices } from '../world/services'
import { chromiumPath } from './lib/chromium.mjs'
import { ROOT } from './lib/prepare.mjs'

const FOLDER = join(ROOT, 'docs/screenshots')
interface View {
  /** Where it is; an event is known only once it has happened. */
  path: string | ((portal: TestPortal) => Promise<string>)
  ready: string
  /** By width. */
  heights: Record<number, number>
  /** What is done there before the picture is taken. */
  act?: (page: Page) => Promise<void>
}
const VIEWS: Record<string, View> = {
  'overview-cards': { path: '/', ready: '[role=listitem]', heights: { 1440: 900, 390: 844 } },
  'overview-matrix': { path: '/?view=matrix', ready: '[role=row]', heights: { 1440: 900, 390: 844 } },
  scorecard: {
    path: '/?card=quinta-do-vale/vinhasdodouro.pt',
    ready: '[role=dialog] ol[aria-label=Checks]',
    heights: { 1440: 1100, 390: 1500 },
  },
  'what-to-publish': {
    path: '/checks/quinta-do-vale/vinhasdodouro.pt/publish',
    ready: 'ol[aria-label=Records]',
    heights: { 1440: 1100, 390: 1500 },
  },
  audit: { path: '/audit', ready: 'main [href*="event="]', heights: { 1440: 1100, 390: 1100 } },
  'audit-event': {
    path: eventWithDiff,
    ready: '[role=dialog] section[aria-labelledby=event-changes]',
    heights: { 1440: 1100, 390: 1500 },
  },
  'audit-verified': {
    path: eventWithDiff,
    ready: '[role=dialog] section[aria-labelledby=event-proof]',
    heights: { 1440: 1100, 390: 1500 },
    act: verify,
  },
  'audit-sources': { path: '/audit/sources', ready: 'main article, main li', heights: { 1440: 1100, 390: 1100 } },
}
const POLL_MS = 250

const read = async <T>(portal: TestPortal, path: string) => (await (await portal.api(path)).json()) as T
const rest = () => new Promise((done) => setTimeout(done, POLL_MS))

/** An event that changed something, once it has its place in the log. */
async function eventWithDiff(portal: TestPortal): Promise<string> {
  for (;;) {
    const [event] = (await read<AuditPage>(portal, '/api/v1/audit?action=tenant.updated&limit=1')).events
    if (event?.hash) return `/audit?event=${event.id}`
    await rest()
  }
}

async function verify(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Verify' }).click()
  const verdict = page.getByText('It stands in the log, unchanged')
  await verdict.waitFor()
  await verdict.evaluate((element) => element.scrollIntoView({ block: 'center' }))
}

/** Somebody changes a tenant, for the picture of a change. */
async function changeTenant(portal: TestPortal): Promise<void> {
  const path = '/api/v1/tenants/quinta-do-vale'
  const { name, version } = await read<{ name: string; version: number }>(portal, path)
  const answer = await portal.api(path, { method: 'PATCH', json: { name, plan: 'enterprise', version } })
  if (!answer.ok) throw new Error(`the tenant was not changed: ${await answer.text()}`)
}

/** Loads the sample and waits until everything has been looked at; then once more, one by one: a rush makes slow answers. */
async function settle(portal: TestPortal): Promise<void> {
  await portal.api('/api/v1/demo/load', { method: 'POST' })
  const pending = async () => (await read<Overview>(portal, '/api/v1/audit/overview?limit=1')).totals.domains.pending
  while ((await pending()) > 0) await rest()
  const { domains } = await read<Overview>(portal, '/api/v1/audit/overview?limit=1000')
  for (const { tenant, domain } of domains) {
    const started = await portal.api(`/api/v1/audit/run/${tenant.slug}?domain=${domain}`, { method: 'POST' })
    const { runId } = (await started.json()) as { runId: string }
    const over = async () => ['done', 'failed'].includes((await read<Run>(portal, `/api/v1/audit/runs/${runId}`)).status)
    while (!(await over())) await rest()
  }
}

async function take(browser: Browser, portal: TestPortal): Promise<void> {
  const { baseUrl, operator } = portal
  const context = await browser.newContext({ baseURL: baseUrl, locale: 'en-GB', timezoneId: 'Europe/Lisbon' })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('textbox', { name: 'Username' }).fill(operator.username)
  await page.getByLabel('Password', { exact: true }).fill(operator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
  for (const [name, { path, ready, heights, act }] of Object.entries(VIEWS))
    for (const [width, height] of Object.entries(heights))
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width: Number(width), height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.goto(typeof path === 'string' ? path : await path(portal))
        await page.locator(ready).first().waitFor()
        await page.evaluate(() => document.fonts.ready.then(() => undefined))
        await act?.(page)
        await rest()
        await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}-${width}.png`) })
      }
}

mkdirSync(FOLDER, { recursive: true })
const world = await startWorld()
const portal = await startPortal({ world, env: { AUDIT_INTERVAL_SEC: '600' } })
const services = await startServices(portal.dataDir)
const browser = await chromium.launch({ executablePath: chromiumPath() ?? undefined, args: ['--no-sandbox'] })
try {
  await settle(portal)
  await services.connect(portal.baseUrl, TOKEN)
  await changeTenant(portal)
  await take(browser, portal)
} finally {
  await browser.close()
  await portal.dispose()
  await services.close()
  await world.close()
}
