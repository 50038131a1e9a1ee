import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listSources, runSource, testSource, updateSource } from '#server/services/ingest'
import { startDueSources, tickSource } from '#server/services/ingest/tick'
import { machineOf } from '#server/services/ingest/machine'
import { sequence } from '#server/services/audit/sequence'
import { verifyLogs } from '#server/services/audit/verify'
import type { IngestId, IngestSource } from '#shared/schemas/ingest'
import { type Authentik, startAuthentik } from '../../world/authentik'
import { sampleEvents } from '../../world/authentik/sample-events'
import { pollingContext } from '../helpers/authentik'
import { auditTrail, recordedActions } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'

let server: Authentik
let ctx: TestContext
beforeEach(async () => {
  server = await startAuthentik()
  ctx = pollingContext(server)
})
afterEach(async () => {
  await ctx.close()
  await server.close()
})

const sourceIn = async (world: TestContext, id: IngestId): Promise<IngestSource> =>
  (await listSources(world)).sources.find((source) => source.id === id)!
const stored = (id: IngestId) =>
  ctx.database.raw.prepare('select * from ingest_sources where id = ?').get(id) as Record<string, unknown>

describe('the sources', () => {
  it('are told with what is set and where from, and never with a secret', async () => {
    const told = await listSources(ctx)
    expect(told.sources.map(({ id, state }) => [id, state])).toEqual([
      ['authentik', 'waiting'],
      ['stalwart', 'unconfigured'],
      ['ocis', 'unconfigured'],
      ['generic', 'unconfigured'],
      ['generic-file', 'unconfigured'],
    ])
    const { settings } = told.sources[0]!
    expect(settings.find(({ key }) => key === 'url')).toMatchObject({ value: server.url, readOnly: true, env: 'AUTHENTIK_URL' })
    expect(settings.find(({ key }) => key === 'token')).toMatchObject({
      value: null,
      isSet: true,
      isSecret: true,
      readOnly: true,
    })
    expect(JSON.stringify(told)).not.toContain(server.token)
  })

  it('are off, all of them, when the environment says so', async () => {
    const off = testContext({ env: { AUDIT_INGEST_ENABLED: 'false' } })
    expect(new Set((await listSources(off)).sources.map(({ state }) => state))).toEqual(new Set(['off']))
    await startDueSources(off)
    expect(machineOf(off).running.size).toBe(0)
    await expect(runSource(off, 'authentik')).rejects.toMatchObject({ token: 'CONFLICT' })
    await off.close()
  })

  it('concern all tenants: a narrowed caller sees none', async () => {
    await expect(listSources(ctx.as({ scope: ['t_1'] }))).rejects.toMatchObject({ token: 'FORBIDDEN' })
    await expect(testSource(ctx.as({ scope: ['t_1'] }), 'authentik')).rejects.toMatchObject({ token: 'FORBIDDEN' })
  })
})

describe('a change of a source', () => {
  const set = (id: IngestId, patch: object) => updateSource(ctx, id, { version: 0, ...patch })

  it('is an event, seals secrets and keeps nobody from seeing who set what', async () => {
    const secret = 'a secret of sixteen characters'
    const changed = await set('stalwart', { settings: { secrets: [secret] } })
    expect(changed).toMatchObject({
      version: 1,
      state: 'waiting',
      settings: expect.arrayContaining([expect.objectContaining({ key: 'secrets', isSet: true, value: null })]),
    })
    expect(JSON.stringify([changed, stored('stalwart'), await auditTrail(ctx)])).not.toContain(secret)
    expect(await auditTrail(ctx)).toMatchObject([
      { action: 'ingest_source.updated', resourceId: 'stalwart', data: { changed: 'secrets' } },
    ])
    expect(await updateSource(ctx, 'stalwart', { version: 1, settings: { secrets: null } })).toMatchObject({
      state: 'unconfigured',
    })
  })

  it('tells before and after of what is no secret', async () => {
    await set('ocis', { settings: { path: '/var/log/ocis/audit.log' } })
    const [event] = await auditTrail(ctx)
    expect(event!.data).toMatchObject({ 'settings.after': '{"path":"/var/log/ocis/audit.log"}', changed: 'path' })
  })

  it.each([
    ['authentik', { url: 'https://other.example' }, 'settings.url', /AUTHENTIK_URL/],
    ['authentik', { nothing: 1 }, 'settings.nothing', /no such setting/],
    ['ocis', { path: 'relative.log' }, 'settings.path', /absolute/],
    ['stalwart', { secrets: ['short'] }, 'settings.secrets.0', /./],
  ] as const)('of %s by %j is refused', async (id, settings, path, message) => {
    await expect(set(id, { settings })).rejects.toMatchObject({
      ...{ token: 'VALIDATION', issues: [{ path, message: expect.stringMatching(message) }] },
    })
    expect(await recordedActions(ctx)).toEqual([])
  })

  it('is refused from a stale version, with the source as it stands', async () => {
    await set('ocis', { paused: true })
    await expect(set('ocis', { paused: false })).rejects.toMatchObject({
      ...{ token: 'STALE_VERSION', details: { current: { id: 'ocis', paused: true, version: 1 } } },
    })
  })

  it('leaves no event when it changes nothing', async () => {
    await set('ocis', { paused: false })
    expect(await recordedActions(ctx)).toEqual([])
  })

  it('does not send a stored token to another address', async () => {
    const free = testContext()
    const given = { url: 'https://id.example', token: 'a-token' }
    await updateSource(free, 'authentik', { version: 0, settings: given })
    const turned = (settings: object) => updateSource(free, 'authentik', { version: 1, settings: settings as never })
    await expect(turned({ url: 'https://evil.example' })).rejects.toMatchObject({ issues: [{ path: 'settings.token' }] })
    expect(await turned({ url: 'https://id2.example', token: 'another' })).toMatchObject({ version: 2 })
    await updateSource(free, 'authentik', { version: 2, settings: { url: null } as never })
    const inTwoSteps = updateSource(free, 'authentik', { version: 3, settings: { url: 'https://evil.example' } as never })
    await expect(inTwoSteps).rejects.toMatchObject({ issues: [{ path: 'settings.token' }] })
    await free.close()
  })

  it('does not send the token of the environment to an address that is set here', async () => {
    const half = testContext({ env: { AUTHENTIK_API_TOKEN: 'a-token-of-the-environment' } })
    const set = updateSource(half, 'authentik', { version: 0, settings: { url: 'https://evil.example' } as never })
    await expect(set).rejects.toMatchObject({ issues: [{ path: 'settings.url' }] })
    await half.close()
  })
})

describe('looking at a source', () => {
  it('comes by itself when it is due, once per process', async () => {
    server.add(...sampleEvents(5, 0))
    await startDueSources(ctx)
    await startDueSources(ctx)
    await Promise.all(machineOf(ctx).running.values())
    expect(server.asked()).toHaveLength(1)
    await startDueSources(ctx)
    expect(machineOf(ctx).running.size).toBe(0)
    ctx.setNow(ctx.now() + 60_000)
    await startDueSources(ctx)
    await Promise.all(machineOf(ctx).running.values())
    expect(server.asked()).toHaveLength(2)
    expect((await sourceIn(ctx, 'authentik')).lagMs).toBe(120_000)
  })

  it('goes on when the clock is set back a day, and so does the log', async () => {
    const [first, second] = [sampleEvents(5, ctx.now() - 60_000), sampleEvents(8, ctx.now() - 60_000)]
    server.add(...first)
    await tickSource(ctx, 'authentik')
    await sequence(ctx)
    ctx.setNow(ctx.now() - 86_400_000)
    server.add(...second.slice(5))
    await startDueSources(ctx)
    await Promise.all(machineOf(ctx).running.values())
    await sequence(ctx)
    expect(await sourceIn(ctx, 'authentik')).toMatchObject({ state: 'ok', counters: { accepted: 8 } })
    expect(await verifyLogs(ctx)).toMatchObject({ verdict: 'intact', unsequenced: 0 })
  })

  it('is left out while it is paused', async () => {
    await updateSource(ctx, 'authentik', { version: 0, paused: true })
    await startDueSources(ctx)
    expect(machineOf(ctx).running.size).toBe(0)
    await expect(runSource(ctx, 'authentik')).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await sourceIn(ctx, 'authentik')).toMatchObject({ state: 'paused', paused: true })
  })

  it('can be asked for, which is an event', async () => {
    server.add(...sampleEvents(5, 0))
    expect(await runSource(ctx, 'authentik')).toMatchObject({ id: 'authentik', state: 'waiting' })
    await Promise.all(machineOf(ctx).running.values())
    expect(await sourceIn(ctx, 'authentik')).toMatchObject({ state: 'ok', counters: { accepted: 5 } })
    expect((await recordedActions(ctx))[0]).toBe('ingest_source.run_requested')
  })

  it('begins anew when it is turned elsewhere, and doubles nothing', async () => {
    server.add(...sampleEvents(150, 0))
    await tickSource(ctx, 'authentik')
    ctx.database.raw.prepare("update ingest_sources set basis = 'another'").run()
    await tickSource(ctx, 'authentik')
    expect(await sourceIn(ctx, 'authentik')).toMatchObject({ counters: { accepted: 150, duplicate: 150 } })
  })

  it('keeps no cursor of what it was turned from, though it dies at once', async () => {
    server.add(...sampleEvents(5, 0))
    await tickSource(ctx, 'authentik')
    ctx.database.raw.prepare("update ingest_sources set basis = 'another'").run()
    server.fault = { status: 500 }
    await tickSource(ctx, 'authentik')
    expect(stored('authentik').cursor).toBeNull()
  })

  it('is left to the process that holds the lease', async () => {
    ctx.database.raw.prepare("insert into leases values ('ingest.authentik', 'another', 1, ?)").run(ctx.now() + 60_000)
    await tickSource(ctx, 'authentik')
    expect(server.asked()).toEqual([])
  })
})

describe('trying a source', () => {
  it('stores nothing of it and says how it went', async () => {
    server.add(...sampleEvents(5, 0))
    expect(await testSource(ctx, 'authentik')).toMatchObject({ ok: true, token: null })
    server.fault = { status: 403 }
    expect(await testSource(ctx, 'authentik')).toMatchObject({ ok: false, token: 'unauthorized' })
    expect(await recordedActions(ctx)).toEqual(['ingest_source.tested', 'ingest_source.tested'])
    await expect(testSource(ctx, 'stalwart')).rejects.toMatchObject({ token: 'CONFLICT' })
  })

  it('does not reach inner addresses that only the portal’s settings name', async () => {
    const free = testContext({ http: ctx.http })
    await updateSource(free, 'authentik', { version: 0, settings: { url: server.url, token: server.token } })
    expect(await testSource(free, 'authentik')).toMatchObject({ ok: false, token: 'blocked-address' })
    expect(server.asked()).toEqual([])
    await free.close()
  })
})
