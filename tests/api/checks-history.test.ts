import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, eventHandler, toNodeListener } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import changes from '#server/api/v1/audit/changes.get'
import withdraw from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/[id].delete'
import deviations from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/index.get'
import accept from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/index.post'
import history from '#server/api/v1/audit/tenants/[idOrSlug]/history.get'
import scorecard from '#server/api/v1/audit/tenants/[idOrSlug]/scorecard.get'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { Scorecard } from '#shared/schemas/checks'
import { Deviation, Deviations } from '#shared/schemas/deviations'
import { Changes, History } from '#shared/schemas/history'
import { addDomains, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

// The sign-in module runs inside the built server only; here a program calls, with a bearer token.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const TOKEN = 'a bearer token that only this test knows'
const HOUR = 3_600_000
const iso = (ms: number) => new Date(ms).toISOString()

describe('the API of deviations, history and changes', () => {
  let ctx: TestContext
  let baseUrl: string
  let close: () => Promise<void>
  beforeEach(async () => {
    ctx = testContext({ env: { VIGIA_BOOTSTRAP_TOKEN: TOKEN } })
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example'])
    for (const cells of ['PPPPPPPP', 'PPPFPPPP']) {
      await storeVerdicts(ctx, (await claimDomain(ctx, 'd_a.example'))!, outcomesOf(cells))
      ctx.setNow(ctx.now() + HOUR)
    }
    const at = '/api/v1/audit/tenants/:idOrSlug'
    const router = createRouter()
      .get('/api/v1/audit/changes', changes)
      .get(`${at}/deviations`, deviations)
      .post(`${at}/deviations`, accept)
      .delete(`${at}/deviations/:id`, withdraw)
      .get(`${at}/history`, history)
      .get(`${at}/scorecard`, scorecard)
    const app = createApp()
    app.use(eventHandler((event) => void (event.context.world = ctx)))
    app.use(router)
    const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/audit`
    close = async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  })
  afterEach(async () => {
    await close()
    await ctx.close()
  })

  const call = async (method: string, path: string, json?: unknown, token = TOKEN) => {
    const headers = { authorization: `Bearer ${token}`, ...(json !== undefined && { 'content-type': 'application/json' }) }
    const answer = await fetch(baseUrl + path, { method, headers, ...(json !== undefined && { body: JSON.stringify(json) }) })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  const input = { domain: 'a.example', checkId: 'dns_mx', code: 'fail', reason: 'Moves soon', until: iso(TEST_NOW + 99 * HOUR) }

  it('accepts, lists and takes back, by its schemas', async () => {
    const made = await call('POST', '/tenants/acme/deviations', input)
    expect(made.status).toBe(201)
    const { id } = Deviation.parse(made.body)
    expect(Deviations.parse((await call('GET', '/tenants/acme/deviations?domain=a.example')).body).deviations).toHaveLength(1)
    const card = Scorecard.parse((await call('GET', '/tenants/acme/scorecard')).body)
    expect(card).toMatchObject({ score: 7, max: 7, status: 'healthy' })
    expect(card.checks[3]!.deviation).toMatchObject({ id, holds: true })
    expect(await call('DELETE', `/tenants/acme/deviations/${id}`)).toEqual({ status: 204, body: null })
    expect(await call('DELETE', `/tenants/acme/deviations/${id}`)).toMatchObject({ status: 404, body: { token: 'NOT_FOUND' } })
  })

  it.each([
    ['no reason', { reason: ' ' }, 422],
    ['a reason of 501 letters', { reason: 'x'.repeat(501) }, 422],
    ['an end that is no moment', { until: 'tomorrow' }, 422],
    ['an id that no check can have', { checkId: "dns_mx' or 1" }, 422],
    ['another verdict', { code: 'missing' }, 409],
  ])('refuses %s', async (_, over, status) => {
    expect((await call('POST', '/tenants/acme/deviations', { ...input, ...over })).status).toBe(status)
  })

  it('tells history and net changes, by their schemas', async () => {
    const told = History.parse((await call('GET', '/tenants/acme/history?domain=a.example&check=dns_mx')).body)
    expect(told.changes.map(({ before, after }) => [before?.status ?? null, after.status])).toEqual([
      ['pass', 'fail'],
      [null, 'pass'],
    ])
    const net = Changes.parse((await call('GET', `/changes?since=${iso(TEST_NOW + 1)}&tenant=acme`)).body)
    expect(net.changes).toMatchObject([{ checkId: 'dns_mx', from: { status: 'pass' }, to: { status: 'fail' } }])
    expect((await call('GET', '/changes')).status).toBe(422)
    expect((await call('GET', '/changes?since=2026-01-01T00:00:00Z&limit=5000')).status).toBe(422)
  })

  it('is for who has signed in', async () => {
    for (const [method, path] of [
      ['GET', '/changes?since=2026-01-01T00:00:00Z'],
      ['GET', '/tenants/acme/history'],
      ['GET', '/tenants/acme/deviations'],
      ['DELETE', '/tenants/acme/deviations/x'],
    ] as const)
      expect((await call(method, path, undefined, 'wrong')).status).toBe(401)
  })
})
