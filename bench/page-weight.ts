import { gzipSync } from 'node:zlib'
import { chromium, type Page, type Response } from '@playwright/test'
import { chromiumPath } from '../scripts/lib/chromium.mjs'
import { build } from '../scripts/lib/prepare.mjs'
import { startPortal } from '../tests/helpers/portal'
import { type Benchmark, show, upTo } from './lib/report'

interface Script {
  path: string
  bytes: number
  gzip: number
  /** As the server sent it. */
  encoding: string
}

/** How much JavaScript a browser that knows nothing loads until the overview has its data. */
export const pageWeight: Benchmark = {
  about: 'JavaScript of the first load of the overview, in Chromium',
  async run() {
    build()
    const portal = await startPortal()
    const browser = await chromium.launch({ executablePath: chromiumPath() ?? undefined, args: ['--no-sandbox'] })
    try {
      const scripts = await firstLoad(await browser.newPage(), portal)
      const sum = (of: (script: Script) => number) => scripts.reduce((total, script) => total + of(script), 0) / 1_000
      const biggest = scripts.reduce((one, other) => (other.gzip > one.gzip ? other : one))
      const encodings = [...new Set(scripts.map(({ encoding }) => encoding))].join(', ')
      return {
        title: `first load of the overview, Chromium with an empty cache, ${scripts.length} scripts, n = 1 (it does not vary)`,
        figures: [
          {
            figure: 'JavaScript, gzip -6',
            ...upTo(
              250,
              'kB',
              sum(({ gzip }) => gzip),
            ),
          },
          { figure: `of that ${biggest.path}`, measured: `${show(biggest.gzip / 1_000)} kB` },
          { figure: 'JavaScript, unpacked', measured: `${show(sum(({ bytes }) => bytes))} kB` },
          { figure: 'as the portal sends it', measured: encodings },
        ],
      }
    } finally {
      await browser.close()
      await portal.dispose()
    }
  },
}

/** Signs in and waits for the overview's data; what was only fetched ahead for other pages does not count. */
async function firstLoad(page: Page, portal: Awaited<ReturnType<typeof startPortal>>): Promise<Script[]> {
  const answers: Response[] = []
  page.on('response', (response) => {
    const { pathname, origin } = new URL(response.url())
    const isAhead = response.request().headers()['sec-purpose'] === 'prefetch'
    if (origin === portal.baseUrl && pathname.endsWith('.js') && !isAhead) answers.push(response)
  })
  await page.goto(portal.baseUrl)
  await page.locator('input[name=username]').fill(portal.operator.username)
  await page.locator('input[name=password]').fill(portal.operator.password)
  const shown = page.waitForResponse((response) => response.url().includes('/api/v1/audit/overview'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await shown
  const once = new Map(answers.map((response) => [new URL(response.url()).pathname, response]))
  return Promise.all(
    [...once].map(async ([path, response]) => {
      const body = await response.body()
      const encoding = (await response.headerValue('content-encoding')) ?? 'identity'
      return { path, bytes: body.length, gzip: gzipSync(body, { level: 6 }).length, encoding }
    }),
  )
}
