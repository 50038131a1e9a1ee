import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AuditPage } from '#shared/schemas/audit'
import { startWorld, type World } from '../../world'
import { type Services, startServices } from '../../world/services'
import { PEOPLE } from '../../world/services/people'
import { startPortal, TOKEN, type TestPortal } from '../helpers/portal'

/** What happened in the day of `world/services/day.ts`. */
const EVENTS = {
  authentik: {
    ...{ login: 20, authorize_application: 10, logout: 4, password_set: 1, login_failed: 9, model_updated: 1 },
    ...{ impersonation_started: 1, impersonation_ended: 1 },
  },
  stalwart: {
    ...{ 'auth.success': 10, 'auth.failed': 14, 'security.authentication-ban': 1 },
    ...{ 'queue.authenticated-message-queued': 30, 'delivery.failed': 1 },
  },
  ocis: { file_create: 10, file_trash_delete: 5, file_shared: 3, public_link_accessed: 1 },
}
const OF_NO_TENANT = { authentik: { 'authentik.model_updated': 1 }, stalwart: { 'stalwart.delivery.failed': 1 }, ocis: {} }

describe('the services of the sample provider, in the built portal', () => {
  let [world, services, portal]: [World?, Services?, TestPortal?] = []
  beforeAll(async () => {
    world = await startWorld()
    portal = await startPortal({ world })
    services = await startServices(portal.dataDir)
    expect((await portal.api('/api/v1/demo/load', { method: 'POST' })).status).toBe(200)
    await services.connect(portal.baseUrl, TOKEN)
  }, 120_000)
  afterAll(async () => {
    await Promise.all([portal?.dispose(), services?.close(), world?.close()])
  })

  const eventsOf = async (source: string) => {
    const answer = await portal!.api(`/api/v1/audit?limit=500&source=${source}`)
    return ((await answer.json()) as AuditPage).events
  }
  const counts = (words: string[]) => Object.fromEntries(words.map((word) => [word, words.filter((one) => one === word).length]))
  const actionsOf = async (source: string) =>
    counts((await eventsOf(source)).map(({ action }) => action.replace(`${source}.`, '')))
  const told = async () =>
    Object.fromEntries(await Promise.all(Object.keys(EVENTS).map(async (source) => [source, await actionsOf(source)] as const)))

  it('tell each event once, and a second time nothing', async () => {
    await vi.waitFor(async () => expect(await told()).toEqual(EVENTS), { timeout: 60_000, interval: 500 })
    await services!.connect(portal!.baseUrl, TOKEN)
    for (const source of ['authentik', 'ocis'])
      expect((await portal!.api(`/api/v1/audit/sources/${source}/run`, { method: 'POST' })).status).toBeLessThan(300)
    expect(await told()).toEqual(EVENTS)
  }, 90_000)

  it('are of the tenant of whoever did it; strangers and operators are of none', async () => {
    const owners = [...new Set(PEOPLE.map(({ tenant }) => tenant))].sort()
    for (const source of Object.keys(EVENTS)) {
      const events = await eventsOf(source)
      expect([...new Set(events.flatMap(({ tenantSlug }) => tenantSlug ?? []))].sort(), source).toEqual(owners)
      expect(counts(events.filter(({ tenantSlug }) => !tenantSlug).map(({ action }) => action)), source).toEqual(
        OF_NO_TENANT[source as keyof typeof EVENTS],
      )
    }
  })
})
