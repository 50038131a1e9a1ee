import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, eventHandler, toNodeListener } from 'h3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { liveEvents } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { streamLive } from '#server/http/live-stream'
import type { Context, Scope } from '#server/platform/context'
import { liveHub, publish, type Subscriber } from '#server/platform/live'
import type { LiveRow } from '#server/platform/live-store'
import { testContext, type TestContext } from '../helpers/context'

const tell = (ctx: Context, tenantId: string | null, data: object, type: LiveRow['type'] = 'run') =>
  transaction(ctx, (inside) => publish(inside, type, tenantId, data))

/** A reader in this process; `next` waits until so many events have come. */
function reader(scope: Scope = 'all', keepsUp = () => true) {
  const heard: string[] = []
  const waiting: { count: number; done: () => void }[] = []
  const say = (text: string) => {
    heard.push(text)
    for (const one of waiting) if (heard.length >= one.count) one.done()
    return keepsUp()
  }
  const subscriber: Subscriber = {
    scope,
    joined: () => {},
    send: (row) => say(`${row.id} ${row.type} ${row.data}`),
    reset: (id) => void say(`reset ${id}`),
    end: () => void say('end'),
  }
  const next = (count: number) =>
    new Promise<string[]>((done) => {
      const check = { count, done: () => done(heard) }
      waiting.push(check)
      if (heard.length >= count) check.done()
    })
  return { subscriber, heard, next }
}

describe('the live hub', () => {
  let ctx: TestContext
  beforeEach(() => (ctx = testContext()))
  afterEach(async () => {
    liveHub(ctx).close()
    await ctx.close()
  })

  it('tells what was committed after a reader joined, in order, and nothing that was rolled back', async () => {
    await tell(ctx, 't_a', { n: 0 })
    const one = reader()
    await liveHub(ctx).join(one.subscriber, null)
    await transaction(ctx, async (inside) => {
      await publish(inside, 'run', 't_a', { n: 'lost' })
      throw new Error('no')
    }).catch(() => {})
    await tell(ctx, 't_a', { n: 1 })
    await tell(ctx, null, { n: 2 })
    expect(await one.next(2)).toEqual(['2 run {"n":1}', '3 run {"n":2}'])
  })

  it('tells each reader only of the tenants in its scope, and of the cycle', async () => {
    const [all, beta, none] = [reader(), reader(['t_b']), reader([])]
    for (const { subscriber } of [all, beta, none]) await liveHub(ctx).join(subscriber, null)
    await tell(ctx, 't_a', {})
    await tell(ctx, 't_b', {})
    await tell(ctx, null, {}, 'audit')
    await tell(ctx, null, {}, 'cycle')
    await all.next(4)
    expect(beta.heard).toEqual(['2 run {}', '4 cycle {}'])
    expect(none.heard).toEqual(['4 cycle {}'])
    const back = reader(['t_b'])
    await liveHub(ctx).join(back.subscriber, 0)
    expect(back.heard).toEqual(['2 run {}', '4 cycle {}'])
  })

  it('hears what another process writes', async () => {
    const one = reader()
    await liveHub(ctx).join(one.subscriber, null)
    const database = openDatabase(ctx.config.databaseFile)
    await tell({ ...ctx, database, db: database.read }, 't_a', { from: 'elsewhere' })
    expect(await one.next(1)).toEqual(['1 run {"from":"elsewhere"}'])
    await database.close()
  })

  it('recovers what was missed by the last id, across a restart of the process', async () => {
    for (const n of [1, 2, 3]) await tell(ctx, 't_a', { n })
    const database = openDatabase(ctx.config.databaseFile)
    const restarted = { ...ctx, database, db: database.read }
    const back = reader()
    await liveHub(restarted).join(back.subscriber, 1)
    expect(back.heard).toEqual(['2 run {"n":2}', '3 run {"n":3}'])
    await tell(restarted, 't_a', { n: 4 })
    expect((await back.next(3))[2]).toBe('4 run {"n":4}')
    liveHub(restarted).close()
    await database.close()
  })

  it('loses and repeats nothing for readers that join while events pour in', async () => {
    const readers = Array.from({ length: 5 }, () => reader())
    const pouring = (async () => {
      for (let n = 1; n <= 300; n++) await tell(ctx, 't_a', { n })
    })()
    for (const { subscriber } of readers) {
      await tell(ctx, 't_a', { between: true })
      await liveHub(ctx).join(subscriber, 0)
    }
    await pouring
    for (const one of readers) {
      const ids = (await one.next(305)).map((text) => Number(text.split(' ')[0]))
      expect(ids).toEqual(Array.from({ length: 305 }, (_, i) => i + 1))
    }
  })

  it('keeps the last 10,000 events; an id from before them, or of another database, is reset', async () => {
    await transaction(ctx, async ({ tx }) => {
      const row = { at: 0, type: 'run' as const, tenantId: null, data: '{}' }
      for (let n = 0; n < 10_150; n += 50) await tx.insert(liveEvents).values(Array.from({ length: 50 }, () => row))
    })
    for (let n = 0; n < 50; n++) await tell(ctx, null, {})
    const rows = await ctx.db.select({ id: liveEvents.id }).from(liveEvents)
    expect(rows).toHaveLength(10_000)
    const [old, foreign, good] = [reader(), reader(), reader()]
    await liveHub(ctx).join(old.subscriber, 100)
    await liveHub(ctx).join(foreign.subscriber, 999_999)
    await liveHub(ctx).join(good.subscriber, 10_199)
    expect(old.heard).toEqual(['reset 10200'])
    expect(foreign.heard).toEqual(['reset 10200'])
    expect(good.heard).toEqual(['10200 run {}'])
  })

  it('drops a reader that cannot keep up, and goes on for the others', async () => {
    const [slow, quick] = [reader('all', () => false), reader()]
    await liveHub(ctx).join(slow.subscriber, null)
    await liveHub(ctx).join(quick.subscriber, null)
    await tell(ctx, null, { n: 1 })
    await tell(ctx, null, { n: 2 })
    await quick.next(2)
    expect(slow.heard).toEqual(['1 run {"n":1}', 'end'])
    expect(liveHub(ctx).readers).toBe(1)
  })

  it('ends all streams when it closes, and takes no new ones', async () => {
    const [one, late] = [reader(), reader()]
    await liveHub(ctx).join(one.subscriber, null)
    liveHub(ctx).close()
    expect(one.heard).toEqual(['end'])
    await liveHub(ctx).join(late.subscriber, null)
    expect(late.heard).toEqual(['end'])
  })
})

describe('the live route', () => {
  let ctx: TestContext
  let server: Server
  beforeEach(async () => {
    ctx = testContext()
    const app = createApp()
    app.use(eventHandler((event) => streamLive(event, ctx, () => Promise.resolve())))
    server = createServer(toNodeListener(app))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterEach(async () => {
    liveHub(ctx).close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    await ctx.close()
  })

  const open = (headers: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((done, reject) => {
      const { port } = server.address() as AddressInfo
      get({ port, host: '127.0.0.1', headers }, done).on('error', reject)
    })
  const textUntil = async (answer: IncomingMessage, end: string) => {
    let text = ''
    for await (const part of answer.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      text += part
      if (text.includes(end)) break
    }
    return text
  }

  it('speaks server-sent events: retry, where it stands, then each event with its id', async () => {
    await tell(ctx, 't_a', { n: 1 })
    const answer = await open()
    expect(answer.headers['content-type']).toContain('text/event-stream')
    expect(await textUntil(answer, 'id: 1\n\n')).toBe('retry: 2000\n\nid: 1\n\n')
    await tell(ctx, 't_a', { n: 2 }, 'check')
    expect(await textUntil(answer, '}\n\n')).toBe('id: 2\nevent: check\ndata: {"n":2}\n\n')
    answer.destroy()
  })

  it('goes on after Last-Event-ID, and resets an id that is none', async () => {
    for (const n of [1, 2]) await tell(ctx, 't_a', { n })
    const back = await open({ 'last-event-id': '1' })
    expect(await textUntil(back, '}\n\n')).toContain('id: 2\nevent: run\ndata: {"n":2}\n\n')
    const lost = await open({ 'last-event-id': 'x' })
    expect(await textUntil(lost, '}\n\n')).toContain('id: 2\nevent: reset\ndata: {}\n\n')
    back.destroy()
    lost.destroy()
  })

  it('ends at once when the process stops', async () => {
    const answer = await open()
    await textUntil(answer, 'id: 0\n\n')
    liveHub(ctx).close()
    await new Promise((done) => answer.on('end', done).resume())
    expect(liveHub(ctx).readers).toBe(0)
  })
})
