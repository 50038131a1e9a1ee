import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startPortal, type TestPortal } from '../helpers/portal'

const VERIFY = '/api/v1/audit/verify'

describe('verification in the built portal', () => {
  let portal: TestPortal
  beforeAll(async () => {
    portal = await startPortal()
  }, 120_000)
  afterAll(() => portal.dispose())

  it('runs on threads of its own and finds the log intact', async () => {
    await portal.api('/api/v1/tenants', { method: 'POST', json: { slug: 'acme', name: 'Acme' } })
    expect((await portal.api(VERIFY, { method: 'POST', json: {} })).status).toBe(202)
    await vi.waitFor(
      async () => {
        const told = (await (await portal.api(VERIFY)).json()) as { state: string; report: unknown }
        expect(told).toMatchObject({ state: 'done', report: { verdict: 'intact', faults: [] } })
      },
      { timeout: 30_000 },
    )
  }, 60_000)
})
