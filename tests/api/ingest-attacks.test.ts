import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditPage } from '#server/services/audit'
import { listSources } from '#server/services/ingest'
import { AuditQuery } from '#shared/schemas/audit-filter'
import { type ApiApp, startApiApp } from '../helpers/api-app'
import { recordedActions } from '../helpers/audit'
import { ANNA, testContext, type TestContext } from '../helpers/context'
import { recordedBatch, STALWART_KEY, WEBHOOK } from '../helpers/stalwart'

// The sign-in module runs inside the built server only; here everybody comes with a signature or nothing.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const SECRET = 'one-secret-of-a-sender'
const MEBIBYTE = 1024 * 1024

let ctx: TestContext
let app: ApiApp
beforeEach(async () => {
  ctx = testContext({
    env: { AUDIT_INGEST_SECRET: SECRET, STALWART_WEBHOOK_SECRET: STALWART_KEY, VIGIA_TRUSTED_PROXIES: '127.0.0.1/32' },
  })
  app = await startApiApp(ctx)
})
afterEach(async () => {
  await app.close()
  await ctx.close()
})

const signatureOf = (body: string | Buffer, secret = SECRET) => createHmac('sha256', secret).update(body).digest('base64')
const timeline = async () => (await auditPage(ctx, AuditQuery.parse({ limit: '500', source: 'generic' }))).events

type Answer = { status: number } & Record<string, unknown>

async function send(path: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
  const known = { 'content-type': 'application/json' }
  const answer = await fetch(app.base + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { ...known, ...headers },
  })
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
}
const sendEvent = (event: object) => {
  const body = JSON.stringify(event)
  return send('/ingest/events', body, { 'x-signature': signatureOf(body) })
}

describe('a stranger', () => {
  /** A body that is announced and does not come. */
  function slowly(address: string, bytes: number): ClientRequest {
    const headers = { 'x-signature': signatureOf('?'), 'content-length': bytes, 'x-forwarded-for': address }
    const call = request(app.base + WEBHOOK, { method: 'POST', headers })
    call.on('error', () => undefined).write('{')
    return call
  }

  it('who announces large bodies and does not send them keeps out nobody who was right before', async () => {
    const { body, signature } = recordedBatch('retry')
    const known = { 'x-signature': signature!, 'x-forwarded-for': '192.0.2.9' }
    expect(await send(WEBHOOK, body, known)).toMatchObject({ status: 200 })
    const slow = Array.from({ length: 40 }, (_, n) => slowly(`198.51.100.${n}`, 32 * MEBIBYTE))
    await Promise.all(slow.map((call) => once(call, 'socket')))
    expect(await send(WEBHOOK, body, known)).toMatchObject({ status: 200, duplicate: 2 })
    slow.forEach((call) => call.destroy())
  })

  it('makes nobody unpack what is compressed: the bytes are what is signed, and they are no JSON', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE, ' '))
    const headers = { 'content-encoding': 'gzip' }
    expect(await send('/ingest/events', bomb, { ...headers, 'x-signature': signatureOf(bomb) })).toMatchObject({
      token: 'BAD_REQUEST',
    })
    const signature = signatureOf(bomb, STALWART_KEY)
    expect(await send(WEBHOOK, bomb, { ...headers, 'x-signature': signature })).toMatchObject({ token: 'BAD_REQUEST' })
  })

  it('who sends pieces without end is told so at the limit', async () => {
    const headers = { 'x-signature': signatureOf('?'), 'content-type': 'application/json' }
    const call = request(`${app.base}/ingest/events`, { method: 'POST', headers })
    const answered = once(
      call.on('error', () => undefined),
      'response',
    ) as Promise<[IncomingMessage]>
    const piece = Buffer.alloc(64 * 1024, 32)
    const sending = setInterval(() => call.write(piece), 1)
    const [answer] = await answered
    clearInterval(sending)
    expect(answer.resume().statusCode).toBe(413)
    call.destroy()
  })

  it('who sends headers of a megabyte is not listened to', async () => {
    const call = request(`${app.base}/ingest/events`, { method: 'POST', headers: { 'x-signature': 'a'.repeat(MEBIBYTE) } })
    const outcome = new Promise((done) => call.on('response', ({ statusCode }) => done(statusCode)).on('error', () => done(431)))
    call.end()
    expect(await outcome).toBe(431)
  })

  it('with a wrong signature is told on the source', async () => {
    await send('/ingest/events', '{}', { 'x-signature': signatureOf('{}', 'a secret that nobody set') })
    const { sources } = await listSources(ctx)
    expect(sources.find(({ id }) => id === 'generic')).toMatchObject({ error: { token: 'bad-signature' } })
  })
})

describe('a sender who may send and lies', () => {
  const event = (over: object = {}, data: object = {}) => ({
    ...{ id: '1', source: 'shop', type: 'order.placed', time: '2026-01-15T11:00:00Z', data },
    ...over,
  })

  it('speaks for nobody else: neither for the portal nor for one of its people', async () => {
    const actor = { id: ANNA.id, type: 'system', name: ANNA.name, email: ANNA.email }
    expect(await sendEvent(event({ source: 'vigia', type: 'user.deactivated' }, { actor }))).toMatchObject({ accepted: 1 })
    const [told] = await timeline()
    expect(told).toMatchObject({
      action: 'generic.user.deactivated',
      source: 'generic',
      actorId: expect.stringMatching(/^generic:/),
    })
    expect(await recordedActions(ctx)).toEqual(['generic.user.deactivated'])
    const { events } = await auditPage(ctx, AuditQuery.parse({ actor: ANNA.id }))
    expect(events).toEqual([])
  })

  it('takes no id away from another source, or from another system', async () => {
    const { body, signature } = recordedBatch('retry')
    await send(WEBHOOK, body, { 'x-signature': signature! })
    const taken = ctx.database.raw
      .prepare("select external_id from audit_events where source = 'stalwart'")
      .pluck()
      .all() as string[]
    const spoofed = await Promise.all(taken.map((id) => sendEvent(event({ id, source: 'stalwart' }))))
    expect(spoofed.map(({ accepted }) => accepted)).toEqual([1, 1])
    expect(await send(WEBHOOK, body, { 'x-signature': signature! })).toMatchObject({ duplicate: 2 })
  })

  it('cannot hide what came by when it says that it was', async () => {
    const times = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-01-15T11:00:00Z']
    for (const [n, time] of times.entries()) await sendEvent(event({ id: `t-${n}`, time }))
    expect((await timeline()).map(({ at }) => at.slice(0, 4))).toEqual(['9999', '2026', '0001'])
    const told = (await listSources(ctx)).sources.find(({ id }) => id === 'generic')!
    expect(Date.parse(told.lastEventAt!)).toBeLessThanOrEqual(ctx.now())
  })

  it.each([
    ['actor.name', event({}, { actor: { id: 'a', name: 'x'.repeat(65_536) } })],
    ['detail', event({}, { detail: 'x'.repeat(65_536) })],
    ['type', event({ type: 'x'.repeat(65_536) })],
    ['id', event({ id: 'x'.repeat(65_536) })],
  ])('is told that its %s is too long', async (_, long) => {
    expect(await sendEvent(long)).toMatchObject({ status: 422, token: 'VALIDATION' })
    expect(await timeline()).toEqual([])
  })
})
