import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Sequencer } from '#server/services/audit'
import { readHeads } from '#server/services/audit/heads'
import { sequence } from '#server/services/audit/sequence'
import { Bulk } from '#server/services/ingest/bulk'
import { bulkOf } from '#server/services/ingest'
import { appendEvents } from '../helpers/audit-log'
import { firstFault } from '../helpers/audit-tamper'
import { atHand, endThread } from '../helpers/bulk'
import { testContext, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const count = (sql: string) => ctx.database.raw.prepare(`select count(*) from ${sql}`).pluck().get()
const assessed = () => ctx.database.raw.prepare('select seq from audit_assessed').pluck().get()

/** Has a sequencer do what waits, with a thread at its hand. */
async function settled(thread: Bulk = bulkOf(ctx)): Promise<void> {
  const sequencer = new Sequencer(ctx, thread)
  const events = count('audit_events')
  await vi.waitFor(() => expect([count('audit_unsequenced'), assessed()]).toEqual([0, events]), 30_000)
  await sequencer.stop()
}

describe('events by the thousand', () => {
  it('get their place and their risk in a thread: one log without a gap, searched and counted as any other', async () => {
    await appendEvents(ctx, 2_500)
    await atHand(bulkOf(ctx))
    const taken = vi.spyOn(bulkOf(ctx), 'take')
    await settled()
    expect(taken.mock.calls.length).toBeGreaterThan(1)
    expect([count('audit_leaves'), count('timeline_search'), count('audit_tiles')]).toEqual([2_500, 2_500, 9])
    expect(await firstFault(ctx)).toBe('intact')
    await appendEvents(ctx, 10)
    await sequence(ctx)
    expect(await firstFault(ctx)).toBe('intact')
  })

  it('leave their heads outside of the database, at the end the last ones', async () => {
    await appendEvents(ctx, 20)
    const sequencer = new Sequencer(ctx)
    await vi.waitFor(() => expect(readHeads(ctx.config.dataDir).platform?.at(-1)?.size).toBe(20), 30_000)
    await appendEvents(ctx, 20)
    await vi.waitFor(() => expect(count('audit_leaves')).toBe(40), 30_000)
    await sequencer.stop()
    expect(readHeads(ctx.config.dataDir).platform?.at(-1)?.size).toBe(40)
  })

  it('get them also where a thread fails each time, which is told', async () => {
    const config = { ...ctx.config, databaseFile: join(ctx.config.dataDir, 'nowhere.db') }
    const elsewhere = new Bulk({ ...ctx, config })
    await atHand(elsewhere)
    await appendEvents(ctx, 600)
    await settled(elsewhere)
    expect(await firstFault(ctx)).toBe('intact')
    expect(new Set(ctx.logged.map(({ message }) => message))).toEqual(
      new Set(['Audit events could not be given their place in the log, or their risk']),
    )
    await elsewhere.end()
  })

  it('get them also when the thread ends in the middle', async () => {
    await appendEvents(ctx, 1_500)
    await atHand(bulkOf(ctx))
    const { take } = bulkOf(ctx)
    vi.spyOn(bulkOf(ctx), 'take').mockImplementationOnce(async (slices) => {
      const taken = take.call(bulkOf(ctx), slices)
      await endThread(bulkOf(ctx))
      return taken
    })
    await settled()
    expect(count('audit_leaves')).toBe(1_500)
    expect(await firstFault(ctx)).toBe('intact')
  })
})
