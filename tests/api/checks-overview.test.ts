import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { createApp, createRouter, eventHandler, toNodeListener } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import overview from '#server/api/v1/audit/overview.get'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { Matrix, Overview } from '#shared/schemas/overview'
import { addDomains, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, type TestContext } from '../helpers/context'

// The sign-in module runs inside the built server only; here a program calls, with a bearer token.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const TOKEN = 'a bearer token that only this test knows'
const NAME = 'São João'

describe('the API of the overview', () => {
  let ctx: TestContext
  let port: number
  let close: () => Promise<void>
  beforeEach(async () => {
    ctx = testContext({ env: { VIGIA_BOOTSTRAP_TOKEN: TOKEN } })
    await addDomains(ctx, await addTenant(ctx, 'acme', { name: NAME }), ['a.example'])
    const router = createRouter().get('/', overview)
    const app = createApp()
      .use(eventHandler((event) => void (event.context.world = ctx)))
      .use(router)
    const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    close = async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await ctx.close()
    }
  })
  afterEach(() => close())

  /** What goes over the wire, which `fetch` would unpack unasked. */
  const ask = (headers: Record<string, string> = {}, query = '') =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: `/${query}`, headers: { authorization: `Bearer ${TOKEN}`, ...headers } }
      const sent = request(options, async (answer) => {
        const pieces: Buffer[] = []
        for await (const piece of answer) pieces.push(piece as Buffer)
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(pieces) })
      })
      sent.once('error', reject).end()
    })

  it.each([
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, GZIP;q=0.8', true],
    ['gzip;q=0, identity', false],
    ['gzip;q=0.000', false],
    ['x-gzip ; q=0.001', true],
    ['gzip;q=1.000', true],
    [`gzip;q=0.${'1'.repeat(10_000)}`, false],
    ['br', false],
    ['', false],
  ])('says the same with accept-encoding %j; packed: %s', async (accepted, packed) => {
    const plain = await ask({}, '?view=matrix')
    expect(plain.headers).toMatchObject({ 'content-type': 'application/json', vary: 'accept-encoding' })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(Matrix.parse(JSON.parse(plain.body.toString('utf8'))).names).toEqual({ acme: NAME })
    const answer = await ask({ 'accept-encoding': accepted }, '?view=matrix')
    expect(answer.headers['content-encoding']).toBe(packed ? 'gzip' : undefined)
    expect(answer.headers['content-length']).toBe(String(answer.body.length))
    expect(packed ? gunzipSync(answer.body) : answer.body).toEqual(plain.body)
  })

  it('answers 304 without a body while what the caller has is so, in whichever form it came', async () => {
    const { etag } = (await ask({ 'accept-encoding': 'gzip' })).headers
    for (const known of [etag!, `"other", ${etag}`, etag!.replace('W/', ''), '*']) {
      const answer = await ask({ 'if-none-match': known })
      expect(answer).toMatchObject({ status: 304, headers: { etag, vary: 'accept-encoding' } })
      expect(answer.body).toHaveLength(0)
    }
    expect(await ask({ 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
    await storeVerdicts(ctx, (await claimDomain(ctx, 'd_a.example'))!, outcomesOf('PPPFPPPP'))
    ctx.setNow(ctx.now() + 2_000)
    const changed = await ask({ 'if-none-match': etag! })
    expect(changed.status).toBe(200)
    expect(Overview.parse(JSON.parse(changed.body.toString('utf8'))).totals.domains.failing).toBe(1)
  })
})
