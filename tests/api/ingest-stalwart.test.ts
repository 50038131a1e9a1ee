import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ingestRejects } from '#drizzle/schema/sqlite'
import { LARGEST_BODY_BYTES } from '#server/services/ingest/read-incoming'
import { sequence } from '#server/services/audit/sequence'
import { verifyLogs } from '#server/services/audit/verify'
import { type ApiApp, BEARER, startApiApp } from '../helpers/api-app'
import { addDomains, addTenant } from '../helpers/checks'
import { testContext, type TestContext } from '../helpers/context'
import { smallDisk } from '../helpers/small-disk'
import { eventsOf, recordedBatch, signed, STALWART_KEY, WEBHOOK } from '../helpers/stalwart'

// The sign-in module runs inside the built server only; here everybody comes with a bearer.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const NOW = Date.UTC(2026, 2, 1, 9, 15, 30)
let ctx: TestContext
let app: ApiApp
const open: (() => Promise<void>)[] = []

async function start(env: Record<string, string> = { STALWART_WEBHOOK_SECRET: STALWART_KEY }): Promise<void> {
  const mine = testContext({ now: NOW, env: { VIGIA_BOOTSTRAP_TOKEN: BEARER, ...env } })
  const its = await startApiApp(mine)
  open.push(() => its.close().then(() => mine.close()))
  ;[ctx, app] = [mine, its]
}
beforeEach(() => start())
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function post({ body, signature }: { body: Buffer; signature?: string }): Promise<Record<string, unknown>> {
  const answer = await fetch(app.base + WEBHOOK, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/json', ...(signature !== undefined && { 'x-signature': signature }) },
  })
  return { ...((await answer.json()) as Record<string, unknown>), status: answer.status }
}
const batch = (...events: string[]) => signed(`{"events":[${events.join(',')}]}`)
const told = (type: string, data = '{}', createdAt = '2026-03-01T09:15:04Z') =>
  `{"id":"1","createdAt":"${createdAt}","type":"${type}","data":${data}}`
const events = () => eventsOf(ctx, 'stalwart')

describe('a recorded batch', () => {
  it('is stored with each event once, its verb, its actor, its tenant and its address', async () => {
    await addDomains(ctx, await addTenant(ctx, 'nordwind', { partnerId: null }), ['nordwind.example'])
    await addDomains(ctx, await addTenant(ctx, 'zahrada'), ['xn--lesn-zahrada-l9a.example'])
    expect(await post(recordedBatch('batch'))).toEqual({ status: 200, accepted: 19, duplicate: 0, skipped: 0, bad: 0 })
    const rows = await events()
    const who = ({ actorEmail, actorName, actorType, actorId }: (typeof rows)[number]) =>
      actorEmail ?? actorName ?? `${actorType} ${actorId}`
    expect(rows.map((row) => [row.action, row.outcome, who(row), row.tenantSlug, row.actorIp])).toEqual([
      ['stalwart.auth.success', 'success', 'kai.brandt@nordwind.example', 'nordwind', '203.0.113.24'],
      ['stalwart.auth.failed', 'failure', 'info@nordwind.example', 'nordwind', '198.51.100.77'],
      ['stalwart.auth.failed', 'failure', 'info@nordwind.example', 'nordwind', '198.51.100.77'],
      ['stalwart.auth.failed', 'failure', 'service anonymous', null, '2001:db8:dead::1'],
      ['stalwart.auth.success', 'success', 'recovery-admin', null, null],
      ['stalwart.auth.mfa-required', 'success', 'žofie@xn--lesn-zahrada-l9a.example', 'zahrada', '192.0.2.55'],
      ['stalwart.security.authentication-ban', 'success', 'service stalwart', 'nordwind', '198.51.100.77'],
      ['stalwart.security.ip-blocked', 'success', 'service stalwart', null, '198.51.100.77'],
      ['stalwart.security.scan-ban', 'success', 'service stalwart', null, '203.0.113.9'],
      ['stalwart.queue.authenticated-message-queued', 'success', 'kai.brandt@nordwind.example', 'nordwind', '203.0.113.24'],
      ['stalwart.queue.dsn-queued', 'success', 'service stalwart', 'nordwind', null],
      ['stalwart.delivery.dsn-perm-fail', 'failure', 'service stalwart', null, null],
      ['stalwart.message-ingest.spam', 'success', 'service stalwart', null, null],
      ['stalwart.incoming-report.dmarc-report-with-warnings', 'success', 'service stalwart', 'nordwind', null],
      ['stalwart.smtp.dmarc-fail', 'failure', 'service stalwart', null, '203.0.113.99'],
      ['stalwart.server.startup', 'success', 'service stalwart', null, null],
      ['stalwart.dkim.signature-retired', 'success', 'service stalwart', 'nordwind', null],
      ['stalwart.holodeck.door-opened', 'success', 'service stalwart', null, null],
      ['stalwart.security.ip-block-expired', 'success', 'service stalwart', null, null],
    ])
    expect(rows[0]!.metadata).toMatchObject({ spanId: '341872345683099648', localPort: 993, listenerId: 'imaps' })
    expect(rows[0]!.at).toBe('2026-03-01T09:15:04.000Z')
    // The same person, whether Stalwart tells the number of the account or its address.
    expect(rows[9]!.actorId).toBe(rows[0]!.actorId)
    expect(JSON.stringify(rows[17])).not.toContain('xxxx')
  })

  it('adds nothing when it comes again, nor when its events do under other ids', async () => {
    await post(recordedBatch('batch'))
    expect(await post(recordedBatch('batch'))).toMatchObject({ status: 200, accepted: 0, duplicate: 19 })
    expect(await post(recordedBatch('retry'))).toMatchObject({ status: 200, accepted: 0, duplicate: 2 })
    expect(await events()).toHaveLength(19)
  })

  it('is stored whole where two of its events share an id', async () => {
    expect(await post(recordedBatch('v015-idclash'))).toMatchObject({ accepted: 2, duplicate: 0 })
  })

  it('may be empty', async () => {
    expect(await post(recordedBatch('empty'))).toMatchObject({ status: 200, accepted: 0 })
  })
})

describe('the events of a batch', () => {
  it('are told apart when they are twins, and known again in another order and among others', async () => {
    const [a, b, c] = [told('auth.failed'), told('auth.success'), told('auth.failed', '{"accountId":1}')]
    expect(await post(batch(a, a, b))).toMatchObject({ accepted: 3 })
    expect(await post(batch(c, a, b, a, c))).toMatchObject({ accepted: 2, duplicate: 3 })
    expect(await post(batch(a, a, a))).toMatchObject({ accepted: 1, duplicate: 2 })
  })

  it('are kept however late and old they come, in their own time', async () => {
    const dates = ['1601-01-01T00:00:00Z', '2019-05-05T05:05:05Z', '9999-12-31T23:59:59Z']
    expect(await post(batch(...dates.map((date) => told('server.startup', '{}', date))))).toMatchObject({ accepted: 3 })
    expect((await events()).map(({ at }) => Date.parse(at))).toEqual(dates.map((date) => Date.parse(date)))
  })

  it('are left out and counted when they are older than the settings allow', async () => {
    const patch = { version: 0, settings: { refuseAfterHours: 1 } }
    expect((await app.call('PATCH', '/api/v1/audit/sources/stalwart', patch)).status).toBe(200)
    const old = new Date(NOW - 3_600_001).toISOString()
    const young = new Date(NOW - 3_600_000).toISOString()
    expect(await post(batch(told('a.b', '{}', old), told('a.b', '{}', young)))).toMatchObject({ accepted: 1, skipped: 1 })
  })

  it('that cannot be read hold up no other: place, length and digest are kept', async () => {
    const bad = ['7', '{"type":"a.b"}', told('a.b', '{"x":1,"x":2}'), told('a.b', '{"x":"\\q"}')]
    const body = batch(bad[0]!, told('server.startup'), ...bad.slice(1), told('server.shutdown'))
    expect(await post(body)).toEqual({ status: 200, accepted: 2, duplicate: 0, skipped: 0, bad: 4 })
    const rows = await ctx.database.read.select().from(ingestRejects)
    expect(rows.map(({ digest }) => digest)).toEqual(bad.map((text) => createHash('sha256').update(text).digest('hex')))
    expect(rows.map(({ offset, length }) => body.body.subarray(offset, offset + length).toString())).toEqual(bad)
  })

  it('may hold NUL, half of a surrogate pair, a key of the language and ten levels', async () => {
    const data = `{"accountName":"a\\u0000\\ud800@a.example","accountId":1,"__proto__":{"x":1},"constructor":1,"deep":${'['.repeat(10)}${']'.repeat(10)}}`
    expect(await post(batch(told('auth.success', data)))).toMatchObject({ accepted: 1, bad: 0 })
    expect((await events())[0]!.actorEmail).toBe('a\uFFFD\uFFFD@a.example')
  })

  it('may be of a message to thousands of people; one of more values than that is counted, and holds up no other', async () => {
    const people = (count: number) => `{"to":[${Array.from({ length: count }, (_, n) => `"p${n}@acme.example"`).join(',')}]}`
    const large = [told('queue.message-queued', people(4_000)), told('queue.message-queued', people(6_000))]
    expect(await post(batch(...large, told('server.startup')))).toMatchObject({ accepted: 2, bad: 1 })
    expect((await events())[0]!.metadata.recipients).toBe(4_000)
  })

  it('are stored by the hundred, and the source says how far it is complete', async () => {
    const many = Array.from({ length: 500 }, (_, n) => told('auth.success', `{"accountId":${n}}`))
    expect(await post(batch(...many))).toMatchObject({ accepted: 500 })
    const { sources } = (await (await app.call('GET', '/api/v1/audit/sources')).json()) as { sources: Record<string, unknown>[] }
    expect(sources.find(({ id }) => id === 'stalwart')).toMatchObject({
      ...{ state: 'ok', completeTo: '2026-03-01T09:15:04.000Z', error: null },
      counters: { accepted: 500, duplicate: 0, skipped: 0, bad: 0 },
    })
  })
})

describe('a body', () => {
  it.each(['', '[]', '{"events":[', '{"events":[]}{}', 'null'])(
    '%s is refused when it is no batch, although it is signed',
    async (text) => {
      expect(await post(signed(text))).toMatchObject({ status: 400, token: 'BAD_REQUEST' })
    },
  )

  it('is refused without a signature, and with one that is not its own', async () => {
    const { body, signature } = recordedBatch('batch')
    const other = signed(body, 'another key of sixteen').signature
    for (const given of [undefined, '', 'x', `sha256=${signature}`, other, recordedBatch('retry').signature])
      expect(await post({ body, signature: given })).toMatchObject({ status: 401, token: 'UNAUTHENTICATED' })
    expect(await events()).toEqual([])
  })

  it('that was not signed well is told on the source and in the log, once, until one comes that was', async () => {
    const stands = async () => {
      const { sources } = (await (await app.call('GET', '/api/v1/audit/sources')).json()) as {
        sources: Record<string, unknown>[]
      }
      return sources.find(({ id }) => id === 'stalwart')
    }
    for (let n = 0; n < 3; n++) await post(signed('{"events":[]}', 'another key of sixteen'))
    expect(await stands()).toMatchObject({ state: 'failing', error: { token: 'bad-signature' } })
    const told = (await eventsOf(ctx, 'vigia')).filter(({ action }) => action === 'ingest_source.signature_refused')
    expect(told).toMatchObject([{ resourceId: 'stalwart', outcome: 'failure', actorIp: '127.0.0.1' }])
    await post(recordedBatch('retry'))
    expect(await stands()).toMatchObject({ state: 'ok', error: null })
  })

  it('may be signed with each of the secrets while they change', async () => {
    await start({ STALWART_WEBHOOK_SECRET: `the next of the secrets, ${STALWART_KEY}`.replace(', ', ' , ') })
    expect(await post(recordedBatch('retry'))).toMatchObject({ status: 200, accepted: 2 })
    const next = signed(recordedBatch('empty').body, 'the next of the secrets')
    expect(await post(next)).toMatchObject({ status: 200 })
  })

  it('is not expected where there is no secret, nor while receiving is off', async () => {
    await start({})
    expect(await post(recordedBatch('batch'))).toMatchObject({ status: 404, token: 'NOT_FOUND' })
    await start({ STALWART_WEBHOOK_SECRET: STALWART_KEY, AUDIT_INGEST_ENABLED: 'false' })
    expect(await post(recordedBatch('batch'))).toMatchObject({ status: 503 })
  })

  it('is accepted when it is signed, however many came from the same address that were not', async () => {
    const { body } = recordedBatch('retry')
    const statuses = new Set<unknown>()
    for (let n = 0; n < 40; n++) statuses.add((await post({ body, signature: signed('other').signature })).status)
    expect([...statuses]).toEqual([401, 429])
    expect(await post({ body })).toMatchObject({ token: 'RATE_LIMIT', retryAfterMs: expect.any(Number) })
    expect(await post(recordedBatch('retry'))).toMatchObject({ status: 200, accepted: 2 })
  })

  it('may be as large as the limit, and no larger; a single event may not be', async () => {
    const rest = batch(told('x.y', '{"contents":""}'), told('server.startup')).body.length
    const padded = (bytes: number) => batch(told('x.y', `{"contents":"${'x'.repeat(bytes - rest)}"}`), told('server.startup'))
    expect(padded(LARGEST_BODY_BYTES).body).toHaveLength(LARGEST_BODY_BYTES)
    expect(await post(padded(LARGEST_BODY_BYTES))).toMatchObject({ status: 200, accepted: 1, bad: 1 })
    expect(await post(padded(LARGEST_BODY_BYTES + 1))).toMatchObject({ status: 413, token: 'PAYLOAD_TOO_LARGE' })
  })

  it('is refused beyond the limit also when its length was not announced', { timeout: 120_000 }, async () => {
    const sending = request(app.base + WEBHOOK, { method: 'POST', headers: { 'x-signature': signed('x').signature } })
    const status = new Promise<number>((done, failed) =>
      sending.on('error', failed).on('response', (answer) => done(answer.resume().statusCode!)),
    )
    const piece = Buffer.alloc(1024 * 1024)
    for (let n = 0; n <= 33; n++)
      if (!sending.write(piece)) await Promise.race([new Promise((go) => sending.once('drain', go)), status])
    expect(await status).toBe(413)
    sending.destroy()
  })

  it('that breaks off leaves nothing', async () => {
    const { body, signature } = recordedBatch('batch')
    const headers = { 'x-signature': signature, 'content-length': body.length }
    const sending = request(app.base + WEBHOOK, { method: 'POST', headers })
    const ended = new Promise((done) => sending.once('error', done).once('close', done))
    sending.write(body.subarray(0, 1_000), () => sending.destroy())
    await ended
    expect(await post(recordedBatch('retry'))).toMatchObject({ status: 200, accepted: 2 })
    expect(await events()).toHaveLength(2)
  })
})

describe('a full disk', () => {
  const many = batch(...Array.from({ length: 400 }, (_, n) => told('auth.success', `{"accountId":${n}}`)))
  const held = () => ctx.database.raw.prepare("select external_id from audit_events where source = 'stalwart'").pluck().all()

  async function refusedAndTaken(fill: () => void, free: () => void): Promise<void> {
    expect(await post(recordedBatch('retry'))).toMatchObject({ status: 200, accepted: 2 })
    fill()
    for (let n = 0; n < 3; n++)
      expect(await post(many)).toMatchObject({ status: 503, token: 'BACKPRESSURE', retryAfterMs: expect.any(Number) })
    expect((await app.call('GET', '/api/v1/audit')).status).toBe(200)
    free()
    const { accepted, duplicate } = await post(many)
    expect(Number(accepted) + Number(duplicate)).toBe(400)
    expect(held()).toHaveLength(402)
    expect(new Set(held()).size).toBe(402)
    await sequence(ctx)
    expect(await verifyLogs(ctx)).toMatchObject({ verdict: 'intact' })
  }

  it('is the one thing that a signed batch is refused for, and it is taken when there is room again', async () => {
    const pages = ctx.database.raw.pragma('page_count', { simple: true }) as number
    await refusedAndTaken(
      () => ctx.database.raw.pragma(`max_page_count = ${pages}`),
      () => ctx.database.raw.pragma('max_page_count = 4294967294'),
    )
  })

  // Where nobody may mount a file system, the case above stands for it.
  const probe = smallDisk(1)
  probe?.remove()
  if (probe)
    it('of a file system without room is no other', async () => {
      const disk = smallDisk(16)!
      await start({ STALWART_WEBHOOK_SECRET: STALWART_KEY, VIGIA_DATA_DIR: disk.dir })
      open.push(() => Promise.resolve(disk.remove()))
      await refusedAndTaken(disk.fill, disk.free)
    })
})
