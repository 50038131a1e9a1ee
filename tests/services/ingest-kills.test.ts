import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getSource } from '#server/services/ingest'
import { tickSource } from '#server/services/ingest/tick'
import { OcisAuditLog } from '../../world/ocis/audit-log'
import { StalwartSender } from '../../world/stalwart/webhook-sender'
import { compileFixture, CompiledProcess } from '../helpers/compiled-process'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'
import { freePort } from '../helpers/server-process'

const EVENTS = 10_000
const KILLS = 20
/** Longer than a lease: the one of who was killed has ended. */
const LATER_MS = 600_000

let program: Awaited<ReturnType<typeof compileFixture>>
let ctx: TestContext
beforeAll(async () => {
  program = await compileFixture('ingest-process')
})
afterAll(() => program.remove())
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const child = (round: number, mode: 'webhook' | 'tail', place: string) =>
  new CompiledProcess(program.file, ctx.config.dataDir, String(TEST_NOW + round * LATER_MS), mode, place)
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
const afterCommits = async (running: CompiledProcess, commits: number) => {
  for (let left = commits; left > 0; left--) expect(await running.says()).toBe('committed')
}
const one = (sql: string) => ctx.database.raw.prepare(sql).pluck().get()

function expectEachOnce(resource: (n: number) => string): void {
  const held = ctx.database.raw.prepare('select resource_id from audit_events').pluck().all() as string[]
  expect(held).toHaveLength(EVENTS)
  expect(new Set(held)).toEqual(new Set(Array.from({ length: EVENTS }, (_, n) => resource(n))))
  expect(one('select accepted from ingest_sources')).toBe(EVENTS)
  expect(one('select bad from ingest_sources')).toBe(0)
  expect(one('pragma integrity_check')).toBe('ok')
}

describe('processes that take events', () => {
  it('may be killed while a webhook sends: each of its events is there once', { timeout: 300_000 }, async () => {
    const port = await freePort()
    const sender = new StalwartSender({
      ...{ url: () => `http://127.0.0.1:${port}/ingest/stalwart/webhook`, key: 'a secret of the tests alone' },
      ...{ throttleMs: 2, atOnce: 400 },
    })
    // Numbers beyond 2^53 that differ in their last digits alone.
    const queueId = (n: number) => `3418723457124${String(n).padStart(5, '0')}`
    for (let n = 0; n < EVENTS; n++) sender.emit('queue.message-queued', `{"queueId":${queueId(n)}}`, '2026-01-15T11:59:59Z')
    const sending = sender.drain()
    let next = child(0, 'webhook', String(port))
    for (let round = 1; round <= KILLS; round++) {
      const running = next
      await running.begin()
      next = child(round, 'webhook', String(port))
      for (let batches = round % 3; batches >= 0; batches--) expect(await running.says()).toBe('came')
      await pause((round * 7919) % 83)
      await running.kill()
    }
    expect(one('select count(*) from audit_events')).toBeGreaterThan(0)
    expect(sender.left).toBeGreaterThan(0)
    await next.begin()
    await sending
    await next.kill()
    expect(sender.counts.dropped).toBe(0)
    expect(sender.counts.sent - sender.counts.accepted).toBeGreaterThanOrEqual(KILLS)
    expectEachOnce(queueId)
  })

  it('may be killed while they follow a log that rotates: each of its lines is there once', { timeout: 300_000 }, async () => {
    const log = new OcisAuditLog(join(ctx.config.dataDir, 'audit.log'))
    const id = (n: number) => `p$s!${n}`
    let written = 0
    const write = async (lines: number) => {
      for (const last = written + lines; written < last; written++)
        await log.write({
          Action: 'file_create',
          Message: `user 'a' created file 'x'`,
          FileID: id(written),
          Time: '2026-01-15T11:00:00Z',
        })
    }
    await write(100)
    const config = { ...ctx.config, ingest: { ...ctx.config.ingest, ocisAuditLogPath: log.path } }
    const at = (round: number) => ({ ...ctx, config, now: () => TEST_NOW + round * LATER_MS })
    await tickSource(at(-1), 'ocis')
    let next = child(0, 'tail', log.path)
    for (let round = 1; round <= KILLS; round++) {
      const running = next
      await running.begin()
      next = child(round, 'tail', log.path)
      const killed = afterCommits(running, 4 + ((round * 7) % 23)).then(() => running.kill())
      await write(245)
      await log.rotate(round % 2 ? 'create' : 'copytruncate')
      await write(50)
      if (round % 5 === 0) await log.rotate(round % 2 ? 'create' : 'copytruncate')
      await write(200)
      await killed
    }
    expect(written).toBe(EVENTS)
    await next.kill()
    expect(one('select count(*) from audit_events')).toBeGreaterThan(100)
    const later = at(KILLS + 1)
    await tickSource(later, 'ocis')
    await tickSource(later, 'ocis')
    expectEachOnce(id)
    expect(await getSource(later, 'ocis')).toMatchObject({ state: 'ok', error: null })
    expect(one("select json_extract(cursor, '$.gaps') from ingest_sources")).toBe(0)
  })
})
