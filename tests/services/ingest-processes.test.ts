import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Authentik, startAuthentik } from '../../world/authentik'
import { SAMPLE_USERS, sampleEvents } from '../../world/authentik/sample-events'
import { addTenant } from '../helpers/checks'
import { compileFixture, CompiledProcess } from '../helpers/compiled-process'
import { testContext, type TestContext } from '../helpers/context'

const EVENTS = 10_000
const KILLS = 20
/** Longer than a lease: the one of who was killed has ended. */
const LATER_MS = 600_000

describe('processes that poll', () => {
  let program: Awaited<ReturnType<typeof compileFixture>>
  let server: Authentik
  let ctx: TestContext
  beforeAll(async () => {
    program = await compileFixture('poll-process')
  })
  afterAll(() => program.remove())
  beforeEach(async () => {
    server = await startAuthentik(SAMPLE_USERS)
    ctx = testContext()
    await addTenant(ctx, 'tenant-acme')
  })
  afterEach(async () => {
    await ctx.close()
    await server.close()
  })

  const child = (round: number) =>
    new CompiledProcess(program.file, ctx.config.dataDir, server.url, server.token, String(ctx.now() + round * LATER_MS))
  const one = (sql: string) => ctx.database.raw.prepare(sql).pluck().get()

  it('may be killed at any moment: of ten thousand events each is there once', { timeout: 300_000 }, async () => {
    const first = Date.UTC(2026, 0, 1)
    server.add(...sampleEvents(EVENTS, first))
    /** Resolves at the so many-th request from now, and some milliseconds after it. */
    const request = (count: number, thenMs: number) =>
      new Promise<void>((done) => {
        let left = count
        server.onRequest(() => void (--left === 0 && setTimeout(done, thenMs)))
      })
    let next = child(0)
    for (let round = 1; round <= KILLS; round++) {
      const running = next
      // Now while it asks for the groups of the twenty users of the first page, now while it stores one of the first pages.
      const moment = request(round % 5 === 0 ? 12 : 22 + (round % 4), (round * 7919) % 83)
      await running.begin()
      // The next one loads while this one works.
      next = child(round)
      await moment
      await running.kill()
    }
    const before = one('select count(*) from audit_events') as number
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(EVENTS)
    await next.begin()
    expect(await next.ended()).toBe(0)
    expect(one('select count(*) from audit_events')).toBe(EVENTS)
    expect(one('select count(distinct external_id) from audit_events')).toBe(EVENTS)
    expect(one('select accepted from ingest_sources')).toBe(EVENTS)
    expect(one("select count(*) from audit_events where tenant_id = 't_tenant-acme'")).toBe(EVENTS / 2)
    expect(one("select count(*) from audit_events where action = 'authentik.login_failed' and outcome = 'failure'")).toBe(
      Math.ceil((EVENTS - 1) / 6),
    )
    const again = child(KILLS + 1)
    await again.begin()
    expect(await again.ended()).toBe(0)
    expect(one('select count(*) from audit_events')).toBe(EVENTS)
    expect(one('pragma integrity_check')).toBe('ok')
  })
})
