import { chromium, type Page } from '@playwright/test'
import { chromiumPath } from '../scripts/lib/chromium.mjs'
import { build } from '../scripts/lib/prepare.mjs'
import { startPortal } from '../tests/helpers/portal'
import { type Benchmark, type Figure, type Report, show, upTo } from './lib/report'
import { median, quantile } from './lib/stats'
import { startBenchWorld } from './lib/world'
import { withWorkspace } from './lib/workspace'
import { seed } from './seed'

const DOMAINS = 10_000
const ROUNDS = 15
const HALF_DAY_MS = 43_200_000
/** Somebody looks at what a filter left before choosing the next one; the totals come meanwhile. */
const LOOKING_MS = 500

/** What an operator does to the matrix, and what undoes it. Each runs in the page. */
const FILTERS = {
  status: { on: () => press('failing'), off: () => press('failing') },
  'failing check': { on: () => choose('dns_spf'), off: () => choose('') },
  text: { on: () => type('4711'), off: () => type('') },
}

/** How long a filter of the matrix takes, from the event of the mouse or key to the frame that shows the rows. */
export const matrixFilter: Benchmark = {
  about: '10,000 domains: a filter of the matrix, in Chromium, from the event to the painted rows',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      build()
      const world = keep(await startBenchWorld(dataDir, { domains: DOMAINS }))
      await seed(world.env, world.sample, { verdicts: true, dueAt: () => Date.now() + HALF_DAY_MS })
      const portal = await startPortal({ env: { ...world.env, AUDIT_INTERVAL_SEC: '86400' } })
      const browser = await chromium.launch({ executablePath: chromiumPath() ?? undefined, args: ['--no-sandbox'] })
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true })
        return await measure(await opened(page, portal))
      } finally {
        await browser.close()
        await portal.dispose()
      }
    }),
}

async function opened(page: Page, portal: Awaited<ReturnType<typeof startPortal>>): Promise<Page> {
  await page.goto(`${portal.baseUrl}/?view=matrix`)
  await page.locator('input[name=username]').fill(portal.operator.username)
  await page.locator('input[name=password]').fill(portal.operator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator(`[role=table][aria-rowcount="${DOMAINS + 1}"]`).waitFor()
  // `__name` is what the transpiler leaves in the text of a function.
  const helpers = ['var __name = (it) => it', press, choose, type, painted]
  await page.addScriptTag({ content: helpers.map(String).join('\n') })
  return page
}

async function measure(page: Page): Promise<Report> {
  const figures: Figure[] = []
  for (const [name, { on, off }] of Object.entries(FILTERS)) {
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++)
      for (const act of [on, off]) {
        await page.waitForTimeout(LOOKING_MS)
        times.push(await page.evaluate(`painted(${String(act)})`))
      }
    figures.push({ figure: `${name}, slowest of all`, ...upTo(100, 'ms', quantile(times, 1)) })
    figures.push({ figure: `${name}, median`, measured: `${show(median(times))} ms` })
  }
  return { title: `filters of the matrix, ${DOMAINS} domains, Chromium 1440 × 900, n = ${2 * ROUNDS} each`, figures }
}

// The four below run in the page.

function press(name: string) {
  const tiles = [...document.querySelectorAll<HTMLButtonElement>('[aria-label="Domains by status"] button')]
  tiles.find((tile) => tile.textContent.includes(name))!.click()
}

function choose(value: string) {
  const select = document.querySelector<HTMLSelectElement>('select[aria-label="Failing check"]')!
  select.value = value
  select.dispatchEvent(new Event('change', { bubbles: true }))
}

function type(text: string) {
  const input = document.querySelector<HTMLInputElement>('input[aria-label="Filter tenants and domains"]')!
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Milliseconds from what `act` does until the frame with another number of rows has been painted. */
function painted(act: () => void): Promise<number> {
  const rows = () => document.querySelector('[role=table]')?.getAttribute('aria-rowcount')
  return new Promise((done) => {
    const before = rows()
    const startedAt = performance.now()
    const watcher = new MutationObserver(() => {
      if (rows() === before) return
      watcher.disconnect()
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - startedAt)))
    })
    watcher.observe(document.body, { subtree: true, attributes: true, childList: true })
    act()
  })
}
