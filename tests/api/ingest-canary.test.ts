import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { settleHappenings } from '#server/services/audit'
import { sequence } from '#server/services/audit/sequence'
import { tickSource } from '#server/services/ingest/tick'
import { type ApiApp, BEARER, startApiApp } from '../helpers/api-app'
import { testContext, type TestContext } from '../helpers/context'
import { recordedBatch, signed, STALWART_KEY, WEBHOOK } from '../helpers/stalwart'

// The sign-in module runs inside the built server only; here everybody comes with a bearer.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

/** One word, so that a search index would keep it as it is. */
const CANARY = 'canary7f3a9e51'
/** In the recorded events, and nowhere in what must not be kept: shows that the search below finds what is there. */
const CONTROLS = ['holodeck', '341872345712459776', 'QmLnkId01']

let ctx: TestContext
let app: ApiApp
const outside = mkdtempSync(join(tmpdir(), 'vigia-canary-'))
const logFile = join(outside, 'audit.log')

beforeAll(async () => {
  const env = { VIGIA_BOOTSTRAP_TOKEN: BEARER, STALWART_WEBHOOK_SECRET: STALWART_KEY, OCIS_AUDIT_LOG_PATH: logFile }
  ctx = testContext({ env, now: Date.UTC(2026, 2, 1, 10) })
  app = await startApiApp(ctx)
  writeFileSync(logFile, ocisLines())
  await tickSource(ctx, 'ocis')
  const { body, signature } = signed(stalwartBatch())
  for (const given of [signature, signed('other').signature]) await send(body, given)
  await send(Buffer.from(`{"events":["${CANARY}"`), signed(`{"events":["${CANARY}"`).signature)
  await settleHappenings()
  await sequence(ctx)
})
afterAll(async () => {
  await app.close()
  await ctx.close()
  rmSync(outside, { recursive: true })
})

const send = (body: Buffer, signature: string) =>
  fetch(app.base + WEBHOOK, { method: 'POST', body: new Uint8Array(body), headers: { 'x-signature': signature } })

/** The recorded batch, with the canary wherever an event may hold what a message, a client or another server said; and a torn event. */
function stalwartBatch(): string {
  const { events } = JSON.parse(recordedBatch('batch').body.toString('utf8')) as { events: { type: string; data: object }[] }
  const said = {
    ...{ contents: [CANARY], subject: CANARY, body: CANARY, path: `/${CANARY}`, url: `https://x.example/${CANARY}`, key: CANARY },
    ...{
      value: CANARY,
      password: CANARY,
      secret: CANARY,
      causedBy: CANARY,
      messageId: `<${CANARY}@x.example>`,
      mailboxName: CANARY,
    },
    ...{ result: { type: 'a.b', data: { contents: CANARY } }, [CANARY]: CANARY },
  }
  const more = events.map((event) => {
    // In a success it would be a master user, and in a ban a permission.
    const details = /^(auth|security)\./.test(event.type) ? {} : { details: `5.1.1 ${CANARY}`, reason: `550 ${CANARY}` }
    return JSON.stringify({ ...event, data: { ...event.data, ...said, ...details } })
  })
  const queue = '{"createdAt":"2026-03-01T09:15:04Z","type":"queue.message-queued","data":{"queueId":341872345712459776}}'
  return `{"events":[${[...more, queue, `{"type":"${CANARY}"}`].join(',')}]}`
}

/** The recorded lines, with the canary in every name, path, token and password; and lines that are none. */
function ocisLines(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'ocis', 'audit.ndjson'), 'utf8')
  const lines = text.trim().split('\n')
  const named = lines.map((line) => {
    const event = JSON.parse(line) as Record<string, unknown>
    for (const key of ['Path', 'OldPath', 'Name', 'NewName', 'ShareToken', 'Token', 'InviteLink', 'Description', 'Key', 'Opaque'])
      if (key in event) event[key] = key === 'ShareToken' ? CANARY : `./${CANARY} ${String(event[key])}`
    if (String(event.FileID).includes('/')) event.FileID = `${String(event.FileID)}${CANARY}.pdf`
    return { ...event, Message: `${String(event.Message)} '${CANARY}'`, Password: CANARY }
  })
  const removed = {
    ...named[0]!,
    Action: 'file_unshared',
    ShareID: CANARY,
    Message: `user 'anna' removed a link with id '${CANARY}'`,
  }
  return [...[...named, removed].map((event) => JSON.stringify(event)), CANARY, `{"App":"${CANARY}"}`, ''].join('\n')
}

async function answer(path: string): Promise<readonly [string, Buffer]> {
  const got = await app.call('GET', path)
  expect(got.status, path).toBe(200)
  return [path, Buffer.from(await got.arrayBuffer())]
}

/** Every file of the portal, what it logged, and what it answers. */
async function everywhere(): Promise<(readonly [place: string, bytes: Buffer])[]> {
  const files = readdirSync(ctx.config.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(ctx.config.dataDir, name))
    .filter((name) => statSync(name).isFile())
  expect(files.some((name) => name.endsWith('-wal'))).toBe(true)
  return [
    ...files.map((name) => [name, readFileSync(name)] as const),
    ['log', Buffer.from(JSON.stringify(ctx.logged))],
    await answer('/api/v1/audit?limit=500'),
    await answer('/api/v1/audit/export?format=jsonl'),
    await answer('/api/v1/audit/export?format=csv'),
    await answer('/api/v1/audit/sources'),
  ]
}

describe('what messages, file names, tokens of shares and passwords say', () => {
  it('is taken in: the events that hold it are there', async () => {
    const rows = ctx.database.raw.prepare('select source, count(*) as n from audit_events group by source order by source').all()
    expect(rows).toEqual(
      expect.arrayContaining([
        { source: 'ocis', n: 21 },
        { source: 'stalwart', n: 20 },
      ]),
    )
    const bad = ctx.database.raw
      .prepare('select source_id, count(*) as n from ingest_rejects group by source_id order by source_id')
      .all()
    expect(bad).toEqual([
      { source_id: 'ocis', n: 2 },
      { source_id: 'stalwart', n: 1 },
    ])
  })

  it('is in no file of the database, no line of the log, no answer and no export, in any form', async () => {
    const places = await everywhere()
    const forms = [
      CANARY,
      CANARY.toUpperCase(),
      Buffer.from(CANARY).toString('base64').slice(0, 16),
      Buffer.from(CANARY).toString('hex'),
    ]
    for (const form of forms) expect(places.filter(([, bytes]) => bytes.includes(form)).map(([place]) => place)).toEqual([])
    for (const control of CONTROLS)
      expect(places.filter(([, bytes]) => bytes.includes(control)).length, control).toBeGreaterThan(3)
  })

  it('is found by no search', async () => {
    const found = async (query: string) =>
      (JSON.parse(String((await answer(`/api/v1/audit?${query}`))[1])) as { events: unknown[] }).events
    expect(await found(`q=${CANARY}`)).toEqual([])
    expect(await found(`actor=${CANARY}`)).toEqual([])
    expect(await found('q=341872345712459776')).not.toEqual([])
  })
})
