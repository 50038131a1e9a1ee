import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditPage } from '#server/services/audit'
import { listSources, updateSource } from '#server/services/ingest'
import { AuditQuery } from '#shared/schemas/audit-filter'
import { type ApiApp, BEARER, startApiApp } from '../helpers/api-app'
import { recordedActions } from '../helpers/audit'
import { addTenant } from '../helpers/checks'
import { testContext, type TestContext } from '../helpers/context'

// The sign-in module runs inside the built server only; here everybody comes with a bearer, a signature or nothing.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const SECRET = 'one-secret-of-a-sender'
const OLD_SECRET = 'the-secret-before-that'

let ctx: TestContext
let app: ApiApp
const start = async (env: Record<string, string> = {}) => {
  ctx = testContext({ env: { VIGIA_BOOTSTRAP_TOKEN: BEARER, AUDIT_INGEST_SECRET: `${SECRET},${OLD_SECRET}`, ...env } })
  app = await startApiApp(ctx)
}
beforeEach(() => start())
afterEach(async () => {
  await app.close()
  await ctx.close()
})

const event = (over: object = {}, data: object = {}) => ({
  ...{ id: 'e-1', source: 'https://shop.example', type: 'order.placed', time: '2026-01-15T11:00:00Z' },
  ...{ data: { actor: { id: 'kim', name: 'Kim', email: 'kim@acme.example', ip: '192.0.2.9' }, ...data }, ...over },
})
const cloud = (over: object = {}, data: object = {}) => ({ specversion: '1.0', ...event(over, data) })
const onboarding = (id = 'o-1') => ({
  ...{ specversion: '1.0', id, source: 'https://billing.example', type: 'account.created', time: '2026-01-15T11:00:00Z' },
  data: { tenantSlug: 'aurora', domain: 'aurora.example' },
})

type Answer = { status: number } & Record<string, unknown>
type Body = string | Uint8Array<ArrayBuffer>

async function send(body: Body, headers: Record<string, string> = {}): Promise<Answer> {
  const known = { authorization: `Bearer ${BEARER}`, 'content-type': 'application/json' }
  const answer = await fetch(`${app.base}/ingest/events`, { method: 'POST', body, headers: { ...known, ...headers } })
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
}
const post = (body: unknown, headers?: Record<string, string>) => send(JSON.stringify(body), headers)
const signed = (body: unknown, secret = SECRET, headers: Record<string, string> = {}) => {
  const text = JSON.stringify(body)
  const signature = createHmac('sha256', secret).update(text).digest('base64')
  return send(text, { authorization: '', 'x-signature': signature, ...headers })
}
const timeline = async () => (await auditPage(ctx, AuditQuery.parse({ limit: '500' }))).events
const counted = async () => (await listSources(ctx)).sources.find(({ id }) => id === 'generic')!.counters

describe('an event that somebody sends', () => {
  it('is recorded with who, what and whose, and names of people stay sealed', async () => {
    await addTenant(ctx, 'acme')
    const data = {
      tenantSlug: 'acme',
      outcome: 'failed',
      resource: { type: 'order', id: 'o-77', name: 'Chairs' },
      note: 'dropped',
    }
    expect(await post(event({}, data))).toEqual({ status: 200, accepted: 1, duplicates: 0, duplicate: false })
    const [told] = await timeline()
    expect(told).toMatchObject({
      ...{ action: 'generic.order.placed', source: 'generic', externalId: 'https://shop.example#e-1', outcome: 'failure' },
      ...{ actorType: 'user', actorName: 'Kim', actorEmail: 'kim@acme.example', actorIp: '192.0.2.9', tenantSlug: 'acme' },
      ...{ resourceType: 'order', at: '2026-01-15T11:00:00.000Z' },
      metadata: { type: 'order.placed', system: 'https://shop.example', objectName: 'Chairs' },
    })
    const content = ctx.database.raw.prepare('select content from audit_events').pluck().get() as string
    expect(content).not.toMatch(/kim|o-77|Chairs|dropped|192\.0\.2\.9/i)
  })

  it('adds nothing when it comes again, alone or in a batch', async () => {
    await post(event())
    expect(await post(event({ type: 'order.changed' }))).toMatchObject({ accepted: 0, duplicates: 1, duplicate: true })
    expect(await post([event(), event({ id: 'e-2' }), event({ id: 'e-2' })])).toMatchObject({ accepted: 1, duplicates: 2 })
    expect(await timeline()).toHaveLength(2)
    expect(await counted()).toMatchObject({ accepted: 2, duplicate: 3 })
  })

  it.each([
    ['one JSON object', event(), 'application/json'],
    ['a list', [event()], 'application/json'],
    ['a list in an envelope', { events: [event()] }, 'application/json; charset=utf-8'],
    ['a CloudEvent in structured mode', cloud(), 'application/cloudevents+json'],
    ['CloudEvents in batched mode', [cloud()], 'application/cloudevents-batch+json'],
  ])('may be %s', async (_, body, type) => {
    expect(await post(body, { 'content-type': type })).toMatchObject({ status: 200, accepted: 1 })
  })

  it('registers a domain when it is of the onboarding types, also within a batch', async () => {
    expect(await post(onboarding())).toEqual({ status: 200, accepted: 1, duplicates: 0, duplicate: false })
    expect(await post(onboarding())).toMatchObject({ duplicate: true })
    expect(await post([onboarding('o-2'), cloud()])).toMatchObject({ accepted: 2 })
    expect(await recordedActions(ctx)).toEqual([
      ...['onboarding.received', 'tenant.created', 'domain.added', 'onboarding.received', 'generic.order.placed'],
    ])
  })

  it('is read by the mapping that is set for senders of another shape', async () => {
    const mapping = { id: 'uid', time: 'ts', type: 'event.name', actorId: 'who', system: '=legacy', count: 'n' }
    await updateSource(ctx, 'generic', { version: 0, settings: { mapping } })
    const odd = { uid: 7, ts: 1_768_000_000, event: { name: 'login' }, who: 'kim@acme.example', n: 3 }
    expect(await post([odd, cloud()])).toMatchObject({ accepted: 2 })
    const told = (await timeline()).find(({ action }) => action === 'generic.login')
    expect(told).toMatchObject({
      ...{ externalId: 'legacy#7', actorEmail: 'kim@acme.example', at: '2026-01-09T23:06:40.000Z', metadata: { count: 3 } },
    })
  })
})

describe('who sends', () => {
  it.each([SECRET, OLD_SECRET])('may sign with any secret that holds', async (secret) => {
    expect(await signed(event(), secret)).toMatchObject({ status: 200, accepted: 1 })
  })

  it.each([
    ['another secret', () => signed(event(), 'a secret that nobody set')],
    ['no signature', () => post(event(), { authorization: '' })],
    ['a signature of something else', () => signed(event(), SECRET, { 'x-signature': Buffer.alloc(32).toString('base64') })],
    ['what is no signature', () => signed(event(), SECRET, { 'x-signature': 'sha256=00' })],
    ['another bearer', () => post(event(), { authorization: 'Bearer nobody' })],
  ])('is refused with %s', async (_, attempt) => {
    expect(await attempt()).toMatchObject({ status: 401, token: 'UNAUTHENTICATED' })
    expect((await timeline()).filter(({ source }) => source === 'generic')).toEqual([])
  })

  it('may sign each event by itself, as many as there are', async () => {
    for (let n = 0; n < 125; n++) expect(await signed(event({ id: `single-${n}` }))).toMatchObject({ status: 200, accepted: 1 })
  })

  it('may not register domains by a signature alone', async () => {
    expect(await signed(onboarding())).toMatchObject({ status: 403, token: 'FORBIDDEN' })
    expect(await recordedActions(ctx)).not.toContain('tenant.created')
  })

  it('is told to wait after too many attempts, and bearers are not', async () => {
    const answers: Answer[] = []
    for (let n = 0; n < 125; n++) answers.push(await post(event(), { authorization: '' }))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
    const limited = answers.find(({ status }) => status === 429)
    expect(limited).toMatchObject({ token: 'RATE_LIMIT', retryAfterMs: expect.any(Number) })
    expect(await post(event())).toMatchObject({ status: 200, accepted: 1 })
  })

  it('is told to wait when it sends more than can be taken, and nothing accepted is lost', async () => {
    const some = Array.from({ length: 100 }, (_, n) => event({ id: `e-${n}` }))
    const [{ accepted }] = await Promise.all([post(some), post(some)])
    // What cannot be understood counts as well: it has to be read to know.
    const flood = Array<number>(1_000).fill(7)
    let answer = await post(flood)
    for (let n = 0; answer.status === 422 && n < 70; n++) answer = await post(flood)
    expect(answer).toMatchObject({ status: 429, token: 'RATE_LIMIT', retryAfterMs: expect.any(Number) })
    expect(ctx.database.raw.prepare('select count(*) from audit_events').pluck().get()).toBe(100)
    expect([0, 100]).toContain(accepted)
  })
})

describe('receiving', () => {
  it('holds so many bodies of one address and no more, and nothing accepted is lost', async () => {
    const begun = Array.from({ length: 8 }, (_, n) => {
      const headers = { authorization: `Bearer ${BEARER}`, 'content-type': 'application/json' }
      const call = request(`${app.base}/ingest/events`, { method: 'POST', headers })
      call.write(JSON.stringify(event({ id: `slow-${n}` })).slice(0, -1))
      return call
    })
    await vi.waitUntil(async () => (await post(event())).token === 'BACKPRESSURE', { timeout: 20_000 })
    const ended = begun.map(async (call) => {
      call.end('}')
      const [answer] = (await once(call, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    })
    expect(await Promise.all(ended)).toEqual(Array(8).fill(200))
    expect((await timeline()).filter(({ externalId }) => externalId!.includes('#slow-'))).toHaveLength(8)
    expect(await post(event({ id: 'after' }))).toMatchObject({ status: 200, accepted: 1 })
  })

  it('answers 404 where there is neither a secret nor a bearer', async () => {
    await app.close()
    await ctx.close()
    ctx = testContext()
    app = await startApiApp(ctx)
    expect(await post(event(), { authorization: '' })).toMatchObject({ status: 404, token: 'NOT_FOUND' })
  })

  it('answers 503 where it is switched off, or paused', async () => {
    await updateSource(ctx, 'generic', { version: 0, paused: true })
    expect(await post(event())).toMatchObject({ status: 503, token: 'BACKPRESSURE', retryAfterMs: 60_000 })
    await app.close()
    await ctx.close()
    await start({ AUDIT_INGEST_ENABLED: 'false' })
    expect(await post(event())).toMatchObject({ status: 503, token: 'BACKPRESSURE' })
  })
})

describe('bad input', () => {
  const nested = (levels: number) =>
    `{"id":"1","source":"s","type":"t","time":"2026-01-15T11:00:00Z","x":${'['.repeat(levels)}${']'.repeat(levels)}}`

  it.each([
    ['a key twice', '{"id":"1","id":"2","source":"s","type":"t","time":"2026-01-15T11:00:00Z"}', 400, 'BAD_REQUEST'],
    ['eleven levels', nested(10), 400, 'BAD_REQUEST'],
    ['a hundred thousand levels', nested(100_000), 400, 'BAD_REQUEST'],
    ['half of a JSON', '{"id":"1"', 400, 'BAD_REQUEST'],
    ['what is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'BAD_REQUEST'],
    ['nothing', '', 400, 'BAD_REQUEST'],
    ['a number', '7', 422, 'VALIDATION'],
    ['half of a surrogate pair', JSON.stringify(event({ type: 'a' })).replace('"a"', '"a\\ud800"'), 422, 'VALIDATION'],
    ['a NUL', JSON.stringify(event({ id: 'a\0b' })), 422, 'VALIDATION'],
    ['a whole number that is none', JSON.stringify(event()).replace('"e-1"', '9007199254740993'), 422, 'VALIDATION'],
    ['a count beyond what is exact', JSON.stringify(event({}, { count: 2 ** 60 })), 422, 'VALIDATION'],
    ['a day that is none', JSON.stringify(event({ time: '2026-02-31T00:00:00Z' })), 422, 'VALIDATION'],
    ['milliseconds beyond what can be told', JSON.stringify(event({ time: 9_000_000_000_000_000 })), 422, 'VALIDATION'],
    ['microseconds', JSON.stringify(event({ time: 1_760_000_000_000_000 })), 422, 'VALIDATION'],
    ['another version of CloudEvents', JSON.stringify(cloud({ specversion: '0.3' })), 422, 'VALIDATION'],
    ['no id', JSON.stringify(event({ id: undefined })), 422, 'VALIDATION'],
  ] satisfies [string, Body, number, string][])(
    'with %s is refused by name, and leaves nothing',
    async (_, text, status, token) => {
      expect(await send(text)).toMatchObject({ status, token })
      expect(await timeline()).toEqual([])
    },
  )

  it('of fifty megabytes is not held', async () => {
    const announced = await send(new Uint8Array(50 * 1024 * 1024).fill(32)).catch(() => ({ status: 413 }))
    expect(announced.status).toBe(413)
  })

  it('is told by its place in a batch, of which nothing is stored', async () => {
    const answer = await post([event(), event({ id: 'e-2', time: 'today' })])
    expect(answer).toMatchObject({ status: 422, issues: [{ path: '1.time' }] })
    expect(await timeline()).toEqual([])
  })

  it.each(['1601-01-01T00:00:00.001Z', '9999-12-31T23:59:59.999Z', '2026-01-15T13:00:00.5+02:00'])(
    'is not a moment such as %s: it is kept exactly',
    async (time) => {
      await post(event({ time }))
      expect((await timeline())[0]!.at).toBe(new Date(time).toISOString())
    },
  )

  it('is not a moment that is missing: it is when it came', async () => {
    await post(cloud({ time: undefined }))
    expect((await timeline())[0]!.at).toBe(new Date(ctx.now()).toISOString())
  })

  it('is not two systems whose names and ids make the same text', async () => {
    expect(await post([event({ source: 'shop#eu', id: '1' }), event({ source: 'shop', id: 'eu#1' })])).toMatchObject({
      accepted: 2,
    })
  })

  it('is not a number at the edge of what is exact', async () => {
    await post(event({}, { count: -9007199254740991 }))
    expect((await timeline())[0]!.metadata.count).toBe(-9007199254740991)
  })

  it('is not what a sender says beside what is recorded', async () => {
    const odd =
      '{"id":"1","source":"s","type":"t","time":"2026-01-15T11:00:00Z","__proto__":{"isAdmin":true},"big":123456789012345678901234567890}'
    expect(await send(odd)).toMatchObject({ status: 200, accepted: 1 })
  })
})
