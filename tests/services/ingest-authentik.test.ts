import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '#drizzle/schema/sqlite'
import { auditEvent, auditPage } from '#server/services/audit'
import { getSource } from '#server/services/ingest'
import { tickSource } from '#server/services/ingest/tick'
import { AuditQuery } from '#shared/schemas/audit-filter'
import type { AuditEvent } from '#shared/schemas/audit'
import { type Authentik, startAuthentik, type StandInEvent } from '../../world/authentik'
import { SAMPLE_USERS, sampleEvents } from '../../world/authentik/sample-events'
import { addDomains, addTenant } from '../helpers/checks'
import { pollingContext, recordedEvents } from '../helpers/authentik'
import type { TestContext } from '../helpers/context'

const NOW = Date.UTC(2026, 2, 1, 10)
const FIRST = Date.UTC(2026, 1, 1)

let server: Authentik
let ctx: TestContext
beforeEach(async () => {
  server = await startAuthentik([...SAMPLE_USERS, { pk: 41, groups: ['nordwind'] }, { pk: 7, groups: ['operators'] }])
  ctx = pollingContext(server, { now: NOW })
})
afterEach(async () => {
  await ctx.close()
  await server.close()
})

const poll = () => tickSource(ctx, 'authentik')
const source = () => getSource(ctx, 'authentik')
const externalIds = async () => (await ctx.database.read.select().from(auditEvents)).map((event) => event.externalId)
const pks = (events: readonly StandInEvent[]) => [...new Set(events.map((event) => event.pk))]

async function timeline(): Promise<Map<string, AuditEvent>> {
  const { events } = await auditPage(ctx, AuditQuery.parse({ limit: '100' }))
  return new Map(events.map((event) => [event.externalId!.slice(-2), event]))
}

describe('the recorded events of Authentik', () => {
  beforeEach(async () => {
    await addTenant(ctx, 'nordwind')
    server.add(...recordedEvents('page1'))
    await poll()
  })

  it('are each there once, also when they come again', async () => {
    expect((await externalIds()).sort()).toEqual(pks(recordedEvents('page1')).sort())
    server.add(...recordedEvents('lastpage-duplicate'))
    await poll()
    expect(await externalIds()).toHaveLength(16)
    expect(await source()).toMatchObject({ state: 'ok', error: null, note: null, counters: { accepted: 16, bad: 0 } })
  })

  it('say who did what, from where, to whose tenant', async () => {
    const events = await timeline()
    const told = (end: string) => {
      const { action, outcome, actorType, actorId, actorName, actorIp, tenantSlug, resourceType } = events.get(end)!
      return [action, outcome, actorType, actorId, actorName, actorIp, tenantSlug, resourceType]
    }
    const kai = ['user', 'authentik:41', 'kai.brandt']
    const mira = ['user', 'authentik:7', 'mira.admin', '192.0.2.10']
    expect(told('01')).toEqual(['authentik.login', 'success', ...kai, '203.0.113.24', 'nordwind', 'user'])
    expect(told('02')).toEqual(['authentik.login_failed', 'failure', ...kai, '2001:db8:41::9', 'nordwind', 'user'])
    expect(told('03').slice(0, 6)).toEqual(['authentik.login_failed', 'failure', 'service', 'anonymous', null, '198.51.100.77'])
    expect(told('04')).toEqual(['authentik.impersonation_started', 'success', ...mira, 'nordwind', 'user'])
    expect(told('06')).toEqual(['authentik.model_deleted', 'success', ...mira, null, 'group'])
    expect(told('08')).toEqual([
      ...['authentik.password_set', 'success', 'user', expect.stringMatching(/^authentik:[0-9a-f]{16}$/), 'neu.angelegt', null],
      ...[null, 'user'],
    ])
    expect(told('09').slice(0, 6)).toEqual(['authentik.system_task_exception', 'failure', 'system', 'authentik', null, null])
    expect(told('0a').slice(0, 1)).toEqual(['authentik.custom_tenant_offboarded'])
    expect(told('0b').slice(0, 1)).toEqual(['authentik.quantum_teleport_attested'])
    // A mapped address is the IPv4 address that it is.
    expect(told('0f')[5]).toBe('203.0.113.24')
  })

  it('keep what belongs to them, and nothing of what was typed, mailed or thrown', async () => {
    const events = await timeline()
    expect(events.get('01')!.metadata).toMatchObject({ authMethod: 'password', country: 'DE', city: 'Hamburg', method: 'GET' })
    expect(events.get('03')!.metadata).toMatchObject({ typedName: "root' OR 1=1 --" })
    expect(events.get('04')!.metadata).toMatchObject({ onBehalfOf: 'authentik:41' })
    expect(events.get('05')!.metadata).toMatchObject({ model: 'user', modelPk: '41', changed: 'name', modelName: 'Kai Brandt' })
    expect(events.get('07')!.metadata).toMatchObject({ application: 'Dateien', scopes: 'openid profile email entitlements' })
    expect(events.get('08')!.metadata).toMatchObject({ authenticatedAs: 'AnonymousUser' })
    expect(events.get('0e')!.metadata).toMatchObject({ changed: 'attributes email name', created: false })
    const all = JSON.stringify([...events.values()])
    for (const text of ['****', 'K. Brandt', 'Zeile 00', 'DisallowedHost', '<script>', 'Ticket 4711', 'executor', 'TimeoutError'])
      expect(all).not.toContain(text)
    const disk = ['', '-wal'].map((end) => readFileSync(ctx.config.databaseFile + end, 'latin1')).join('')
    for (const text of [
      'Zeile 00',
      'DisallowedHost',
      'Ticket 4711',
      'executor',
      'kai.brandt',
      'Hamburg',
      '203.0.113.24',
      server.token,
    ])
      expect(disk).not.toContain(text)
    expect(await auditEvent(ctx, events.get('01')!.id)).toMatchObject({ event: { at: '2026-03-01T09:15:04.118Z' } })
  })
})

describe('a tenant', () => {
  const one = (user: object, more: object = {}): StandInEvent => ({
    ...sampleEvents(1, FIRST)[0]!,
    user: { ...user },
    ...more,
  })

  it.each([
    ['the group that is called as the slug', { pk: 41, username: 'kai' }, 'nordwind'],
    ['nobody, when the groups are of two', { pk: 42, username: 'both' }, null],
    ['the mail address, when there are no groups', { pk: 43, username: 'x', email: 'x@acme.example' }, 'acme'],
    ['whom it is done to', { pk: 7, username: 'mira', on_behalf_of: { pk: 41, username: 'kai' } }, 'nordwind'],
  ])('is told by %s', async (_, user, slug) => {
    await server.close()
    server = await startAuthentik([
      { pk: 41, groups: ['Nordwind', 'staff'] },
      { pk: 42, groups: ['nordwind', 'acme'] },
      { pk: 7, groups: ['operators'] },
    ])
    await ctx.close()
    ctx = pollingContext(server, { now: NOW })
    await addTenant(ctx, 'nordwind')
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['acme.example'])
    server.add(one(user))
    await poll()
    const { events } = await auditPage(ctx, AuditQuery.parse({}))
    expect(events.map((event) => event.tenantSlug)).toEqual([slug])
  })

  it('is not guessed when the server does not answer for a user: the event waits', async () => {
    server.add(one({ pk: 41, username: 'kai' }))
    let requests = 0
    server.onRequest(() => (server.fault = ++requests === 2 ? { status: 500 } : null))
    await poll()
    expect(await source()).toMatchObject({ state: 'failing', error: { token: 'server-error' }, counters: { accepted: 0 } })
    await poll()
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 1 } })
  })

  it('is told by mail alone where the token may not read users', async () => {
    server.mayReadUsers = false
    server.add(one({ pk: 41, username: 'kai' }))
    await poll()
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 1 } })
  })
})
