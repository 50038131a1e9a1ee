import { type Browser, type BrowserContext, type Page, test as base } from '@playwright/test'
import { startWorld, type World } from '../../world'
import { startPortal, type TestPortal } from '../helpers/portal'

export { expect } from '@playwright/test'

/** What a spec file plays on. Files that name the same stage share one world and one portal; those that change things have their own. */
export interface Stage {
  name: string
  /** The sample world is loaded, and every domain has been looked at. */
  sample?: boolean
  /** Each answer of the world takes this long, milliseconds. */
  delayMs?: number
  env?: Record<string, string>
}

interface WorkerFixtures {
  stage: Stage
  world: World
  portal: TestPortal
  /** Cookies of the first operator, who has signed in through the form once. */
  session: Awaited<ReturnType<BrowserContext['storageState']>>
}

const START_MS = 120_000

export const test = base.extend<object, WorkerFixtures>({
  stage: [{ name: 'empty' }, { option: true, scope: 'worker' }],
  world: [({ stage }, use) => withWorld(stage, use), { scope: 'worker', timeout: START_MS }],
  portal: [({ stage, world }, use) => withPortal(stage, world, use), { scope: 'worker', timeout: START_MS }],
  session: [
    async ({ browser, portal }, use) => {
      const context = await browser.newContext({ baseURL: portal.baseUrl })
      await signIn(await context.newPage(), portal.operator)
      const state = await context.storageState()
      await context.close()
      await use(state)
    },
    { scope: 'worker', timeout: START_MS },
  ],
  baseURL: ({ portal }, use) => use(portal.baseUrl),
  storageState: ({ session }, use) => use(session),
})

async function withWorld({ delayMs }: Stage, use: (world: World) => Promise<void>): Promise<void> {
  const world = await startWorld({ delayMs })
  try {
    await use(world)
  } finally {
    await world.close()
  }
}

async function withPortal({ sample, env }: Stage, world: World, use: (portal: TestPortal) => Promise<void>): Promise<void> {
  const portal = await startPortal({ world, env })
  try {
    if (sample) await loadSample(portal)
    await use(portal)
  } finally {
    await portal.dispose()
  }
}

async function loadSample(portal: TestPortal): Promise<void> {
  await switchOffExtendedChecks(portal)
  const answer = await portal.api('/api/v1/demo/load', { method: 'POST' })
  if (!answer.ok) throw new Error(`the sample was not loaded: ${await answer.text()}`)
  await test.expect
    .poll(
      async () =>
        (await json<{ totals: { domains: { pending: number } } }>(portal, '/api/v1/audit/overview')).totals.domains.pending,
      {
        timeout: START_MS,
      },
    )
    .toBe(0)
}

/** They would take the processor from what is tested here; they have worlds and tests of their own. */
async function switchOffExtendedChecks(portal: TestPortal): Promise<void> {
  const path = '/api/v1/settings/checks'
  const { version, extended } = await json<{ version: number; extended: { id: string }[] }>(portal, path)
  const off = Object.fromEntries(extended.map(({ id }) => [id, false]))
  const answer = await portal.api(path, { method: 'PATCH', json: { version, extended: off } })
  if (!answer.ok) throw new Error(`the extended checks were not switched off: ${await answer.text()}`)
}

/** A GET with the bootstrap bearer. */
export async function json<T>(portal: TestPortal, path: string): Promise<T> {
  const answer = await portal.api(path)
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}`)
  return (await answer.json()) as T
}

/** Fills in the form of the embedded provider, wherever it leads afterwards. */
export async function fillSignIn(page: Page, { username, password }: { username: string; password: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function signIn(page: Page, operator: { username: string; password: string }): Promise<void> {
  await page.goto('/')
  await fillSignIn(page, operator)
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'attached' })
}

/** A browser that has never been here. */
export async function stranger(browser: Browser, portal: TestPortal): Promise<BrowserContext> {
  return browser.newContext({ baseURL: portal.baseUrl, storageState: { cookies: [], origins: [] } })
}
