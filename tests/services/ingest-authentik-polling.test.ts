import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '#drizzle/schema/sqlite'
import { getSource, stopIngest } from '#server/services/ingest'
import { tickSource } from '#server/services/ingest/tick'
import type { HttpTarget } from '#server/platform/http/types'
import { type Authentik, startAuthentik, type StandInEvent } from '../../world/authentik'
import { SAMPLE_USERS, sampleEvents } from '../../world/authentik/sample-events'
import { pollingContext } from '../helpers/authentik'
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

async function pollToTheEnd(): Promise<void> {
  for (let ticks = 0, asked = -1; asked !== server.asked().length && ticks < 50; ticks++) {
    asked = server.asked().length
    await poll()
    const { error, lastOkAt } = await source()
    if (error || !lastOkAt) throw new Error(`the source says ${error?.token}`)
    if ((await ctx.database.raw.prepare('select next_due_at from ingest_sources').pluck().get()) !== ctx.now()) return
  }
}

describe('polling', () => {
  it('takes a long history in ticks of some pages, and then only what is new', async () => {
    const events = sampleEvents(2_150, FIRST)
    server.add(...events)
    await poll()
    expect(await source()).toMatchObject({ counters: { accepted: 2_000 } })
    await pollToTheEnd()
    expect((await externalIds()).sort()).toEqual(pks(events).sort())
    const asked = server.asked().length
    const late = { ...events[0]!, pk: 'late', created: events.at(-20)!.created }
    server.add(late)
    await poll()
    expect((await externalIds()).filter((id) => id === 'late')).toHaveLength(1)
    expect(server.asked().length - asked).toBeLessThan(4)
    expect(server.asked().at(-1)!.get('search')).toMatch(/^created >= "2026-02-01 \d\d:\d\d:\d\d"$/)
    expect(await source()).toMatchObject({ counters: { accepted: 2_151 }, note: null, completeTo: expect.any(String) })
  })

  it('takes more events of one second than a tick reads', async () => {
    const events = sampleEvents(2_050, FIRST).map((event) => ({ ...event, created: '2026-02-01T00:00:00.000001Z' }))
    server.add(...events)
    await pollToTheEnd()
    expect(new Set(await externalIds()).size).toBe(2_050)
  })

  it.each([
    ['is ignored', { filter: 'ignored' }, 'filter-ignored'],
    ['is taken for plain text', { filter: 'plain-text' }, 'filter-ignored'],
    ['is read in a time zone to the west', { zoneOffsetMs: -3 * 3_600_000 }, 'filter-ignored'],
    ['is read in a time zone to the east', { zoneOffsetMs: 2 * 3_600_000 }, 'filter-ignored'],
  ] as const)('notices when the filter %s, and loses nothing', async (_, options, note) => {
    const events = sampleEvents(2_250, FIRST)
    server.add(...events.slice(0, 250))
    await pollToTheEnd()
    Object.assign(server.options, options)
    server.add(...events.slice(250))
    await pollToTheEnd()
    expect((await source()).note?.token).toBe(note)
    expect((await externalIds()).sort()).toEqual(pks(events).sort())
    await poll()
    expect(await externalIds()).toHaveLength(2_250)
  })

  it('loses nothing after an event that is dated in the future, and does not say that it is complete so far', async () => {
    const [future, ...events] = sampleEvents(30, NOW - 60_000)
    server.add({ ...future!, created: '9999-12-31T23:59:59.999999Z' }, ...events.slice(0, 10))
    await poll()
    for (let minute = 1; minute < 10; minute++) {
      ctx.setNow(NOW + minute * 60_000)
      if (minute % 3 === 0) server.add({ ...events[10 + minute]!, created: new Date(ctx.now() - 1_000).toISOString() })
      await poll()
    }
    const told = await source()
    expect(told).toMatchObject({ state: 'ok', note: null, counters: { accepted: 14 } })
    expect(Date.parse(told.completeTo!)).toBeLessThan(ctx.now())
    expect(Date.parse(told.lastEventAt!)).toBeLessThanOrEqual(ctx.now())
  })

  it('says nothing of the filter when the newest event is gone', async () => {
    const events = sampleEvents(50, FIRST)
    server.add(...events)
    await poll()
    server.remove(events.at(-1)!.pk)
    server.remove(events.at(-2)!.pk)
    await poll()
    expect(await source()).toMatchObject({ state: 'ok', note: null, counters: { accepted: 50 } })
  })

  it.each([
    ['refuses the token', { status: 401 }, 'unauthorized'],
    ['forbids', { status: 403 }, 'unauthorized'],
    ['is broken', { status: 502 }, 'server-error'],
    ['redirects', { status: 302, headers: { location: 'http://192.0.2.1/' } }, 'unexpected-answer'],
    ['has had enough', { status: 429, headers: { 'retry-after': '900' } }, 'rate-limited'],
    ['sends half of the JSON', 'half-json', 'unexpected-answer'],
    ['sends a page for people', 'no-json', 'unexpected-answer'],
    ['breaks off', 'breaks-off', 'reset'],
    ['sends the same page for ever', 'same-page-for-ever', 'unexpected-answer'],
    ['sends empty pages for ever', 'empty-pages-for-ever', 'unexpected-answer'],
  ] as const)('says so when the server %s, and goes on when it is well', async (_, fault, token) => {
    const events = sampleEvents(250, FIRST)
    server.add(...events)
    server.fault = fault
    await poll()
    expect(await source()).toMatchObject({ state: 'failing', error: { token } })
    server.fault = null
    await pollToTheEnd()
    expect(await source()).toMatchObject({ state: 'ok', error: null })
    expect((await externalIds()).sort()).toEqual(pks(events).sort())
  })

  it('asks for a page that is too large in smaller ones', async () => {
    const events = sampleEvents(150, FIRST).map((event) => ({ ...event, notes: 'x'.repeat(100_000) }))
    server.add(...events)
    await pollToTheEnd()
    expect(await source()).toMatchObject({ state: 'ok', error: null })
    expect((await externalIds()).sort()).toEqual(pks(events).sort())
  })

  it('says so when the server takes the question and never answers', async () => {
    server.fault = 'hangs'
    const { request, visit } = ctx.http
    const impatient = { ...ctx, http: { visit, request: (target: HttpTarget) => request({ ...target, timeoutMs: 200 }) } }
    await tickSource(impatient, 'authentik')
    expect(await source()).toMatchObject({ state: 'failing', error: { token: 'timeout' } })
  })

  it('is not held up by an event that is too large to be read', async () => {
    const events = sampleEvents(40, FIRST)
    server.add(...events.map((event, n) => (n === 20 ? { ...event, notes: 'x'.repeat(50_000_000) } : event)))
    await pollToTheEnd()
    await poll()
    expect((await externalIds()).sort()).toEqual(pks(events.toSpliced(20, 1)).sort())
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 39, bad: 1 } })
    expect(ctx.database.raw.prepare('select reason from ingest_rejects').pluck().all()).toEqual(['too-large'])
  })

  it('comes again when the server wants it to', async () => {
    server.fault = { status: 429, headers: { 'retry-after': '900' } }
    await poll()
    const due = ctx.database.raw.prepare('select next_due_at from ingest_sources').pluck().get()
    expect(due).toBe(NOW + 900_000)
  })

  it('loses and doubles nothing when the server fails in the middle', async () => {
    const events = sampleEvents(700, FIRST)
    server.add(...events)
    let requests = 0
    server.onRequest(() => (server.fault = ++requests % 4 === 0 ? { status: 500 } : null))
    for (let n = 0; n < 60 && (await externalIds()).length < 700; n++) await poll()
    expect((await externalIds()).sort()).toEqual(pks(events).sort())
  })

  it('counts what is no event by its digest, and takes the rest', async () => {
    const secret = 'a text that nobody may find'
    server.add(...sampleEvents(3, FIRST), { pk: 'x', action: 'login', created: 'yesterday', context: { secret } })
    server.add({
      ...sampleEvents(1, FIRST)[0]!,
      pk: 'odd',
      action: '\ud800',
      user: { username: 'a\ud800b', pk: 3 },
    } as StandInEvent)
    await poll()
    await poll()
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 4, bad: 1 } })
    const rejects = ctx.database.raw.prepare('select * from ingest_rejects').all()
    expect(rejects).toEqual([
      expect.objectContaining({ digest: expect.stringMatching(/^[0-9a-f]{64}$/), reason: 'not-an-event' }),
    ])
    expect(JSON.stringify(rejects)).not.toContain(secret)
  })

  it('ends at once when the process stops, though the server never answers', async () => {
    server.fault = 'hangs'
    const asked = new Promise<void>((done) => server.onRequest(done))
    const ended = poll()
    await asked
    await stopIngest(ctx)
    await ended
    expect(await source()).toMatchObject({ error: null, counters: { accepted: 0 } })
  })

  it('runs once at a time', async () => {
    server.add(...sampleEvents(10, FIRST))
    await Promise.all([poll(), poll(), poll()])
    expect(server.asked()).toHaveLength(1)
  })
})
