import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leafHash, NO_LEAF } from '#server/services/audit/leaf'
import { sequence } from '#server/services/audit/sequence'
import { appendEvents } from '../helpers/audit-log'
import { CompiledProcess, compileFixture } from '../helpers/compiled-process'
import { testContext, type TestContext } from '../helpers/context'

const KILLS = 20

describe('processes on one audit log', () => {
  let fixture: Awaited<ReturnType<typeof compileFixture>>
  let ctx: TestContext
  let logFile: string
  beforeAll(async () => {
    fixture = await compileFixture('audit-process')
  })
  afterAll(() => fixture.remove())
  beforeEach(() => {
    ctx = testContext()
    logFile = join(ctx.config.dataDir, 'answered.log')
  })
  afterEach(() => ctx.close())

  const start = (mode: 'append' | 'sequence') => new CompiledProcess(fixture.file, ctx.config.dataDir, mode, logFile)
  const pluck = (sql: string) => ctx.database.raw.prepare(sql).pluck().all()
  const moment = (round: number, span: number) => new Promise((done) => setTimeout(done, ((round * 7919) % span) + 2))

  it('may be killed while they append: what was answered is there, once', { timeout: 300_000 }, async () => {
    for (let round = 1; round <= KILLS; round++) {
      const child = start('append')
      await child.begin()
      await moment(round, 97)
      await child.kill()
      expect(ctx.database.raw.pragma('quick_check', { simple: true })).toBe('ok')
    }
    const answered = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n') : []
    const held = pluck('select external_id from audit_events')
    expect(answered.length).toBeGreaterThan(KILLS)
    expect(new Set(held).size).toBe(held.length)
    expect(answered.filter((id) => !held.includes(id))).toEqual([])
    expect(pluck('select event_id from audit_dedup').sort()).toEqual(pluck('select id from audit_events').sort())
    expect(pluck('select event_id from audit_personal').sort()).toEqual(pluck('select id from audit_events').sort())
    expect(await sequence(ctx)).toBe(held.length)
    expectChained(ctx)
  })

  it('may be killed while they place events: no gap, no fork, none left out', { timeout: 300_000 }, async () => {
    await appendEvents(ctx, 3_000)
    await appendEvents(ctx, 3_000, 'p_norte')
    let worked = 0
    for (let round = 1; round <= KILLS; round++) {
      const before = expectChained(ctx)
      const child = start('sequence')
      await child.begin()
      await moment(round, 397)
      await child.kill()
      worked += Number(expectChained(ctx) > before)
    }
    await sequence(ctx)
    expect(worked).toBeGreaterThan(0)
    expect(expectChained(ctx)).toBe(6_000)
    expect(pluck('select count(*) from audit_unsequenced')).toEqual([0])
    expect(pluck('select count(*) from audit_tiles')).toEqual([2 * Math.floor(3_000 / 256)])
  })

  it('may place events side by side: each event is placed by one of them', { timeout: 120_000 }, async () => {
    await appendEvents(ctx, 4_000)
    const both = [start('sequence'), start('sequence')]
    await Promise.all(both.map((child) => child.begin()))
    const placed = await Promise.all(both.map(async (child) => Number(await child.says())))
    expect(placed[0]! + placed[1]!).toBe(4_000)
    expect(expectChained(ctx)).toBe(4_000)
  })
})

/** Walks every log from its first leaf: gap-free, each leaf over its event and the leaf before it. Says how many leaves there are. */
function expectChained(ctx: TestContext): number {
  const rows = ctx.database.raw
    .prepare(
      `select l.scope, f.log_id as log, f.leaf_index as at, f.hash, e.content_hash as content from audit_leaves f
       join audit_logs l on l.id = f.log_id join audit_events e on e.seq = f.event_seq order by f.log_id, f.leaf_index`,
    )
    .all() as { scope: string; log: number; at: number; hash: Buffer; content: Buffer }[]
  let [log, index, prev]: [number, number, Buffer] = [0, 0, NO_LEAF]
  for (const row of rows) {
    if (row.log !== log) [log, index, prev] = [row.log, 0, NO_LEAF]
    expect(row.at).toBe(index)
    const hash = leafHash({ content: row.content, index, prev, scope: row.scope })
    if (!hash.equals(row.hash)) throw new Error(`The chain of ${row.scope} is broken at ${index}`)
    ;[index, prev] = [index + 1, hash]
  }
  return rows.length
}
