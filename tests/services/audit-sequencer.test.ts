import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { Sequencer } from '#server/services/audit'
import { sequence } from '#server/services/audit/sequence'
import { OwnSlices, ThreadSlices } from '#server/services/audit/sequencer/slices'
import { appendEvents } from '../helpers/audit-log'
import { firstFault } from '../helpers/audit-tamper'
import { testContext, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const count = (sql: string) => ctx.database.raw.prepare(`select count(*) from ${sql}`).pluck().get()
const assessed = () => ctx.database.raw.prepare('select seq from audit_assessed').pluck().get()

/** Has a sequencer do what waits, by itself. */
async function settled(world: Context): Promise<void> {
  const sequencer = new Sequencer(world)
  const events = count('audit_events')
  await vi.waitFor(() => expect([count('audit_unsequenced'), assessed()]).toEqual([0, events]), 30_000)
  await sequencer.stop()
}

describe('events by the thousand', () => {
  it('get their place and their risk in a thread: one log without a gap, searched and counted as any other', async () => {
    await appendEvents(ctx, 2_500)
    await settled(ctx)
    expect([count('audit_leaves'), count('timeline_search'), count('audit_tiles')]).toEqual([2_500, 2_500, 9])
    expect(await firstFault(ctx)).toBe('intact')
    await appendEvents(ctx, 10)
    await sequence(ctx)
    expect(await firstFault(ctx)).toBe('intact')
  })

  it('get them also where no thread can be had, which is told', async () => {
    const told: string[] = []
    const log = { ...ctx.log, error: (message: string) => void told.push(message) }
    await appendEvents(ctx, 600)
    await settled({ ...ctx, log, database: { ...ctx.database, file: join(ctx.config.dataDir, 'nowhere.db') } })
    expect(await firstFault(ctx)).toBe('intact')
    expect(told).toEqual([expect.stringMatching(/could not be given/), expect.stringMatching(/could not be given/)])
  })
})

describe('a database that is lent to a thread', () => {
  it('is lent only once the thread has begun: nobody waits for that', async () => {
    await appendEvents(ctx, 300)
    const slices = new ThreadSlices(ctx)
    const order: string[] = []
    const taken = slices.take(['place', 'assess']).then(() => order.push('slice'))
    const insert = { id: 'a', slug: 'a', name: 'a', createdAt: 0 }
    await transaction(ctx, ({ tx }) => tx.insert(partners).values(insert)).then(() => order.push('write'))
    await taken
    expect(order).toEqual(['write', 'slice'])
    expect([count('audit_leaves'), count('partners'), assessed()]).toEqual([300, 1, 300])
    await slices.end()
  })

  it('comes back when the thread fails', async () => {
    const slices = new ThreadSlices({ ...ctx, database: { ...ctx.database, file: join(ctx.config.dataDir, 'nowhere.db') } })
    await expect(slices.take(['place'])).rejects.toThrow()
    await appendEvents(ctx, 1)
    expect(await new OwnSlices(ctx).take(['place', 'assess'])).toBe(1)
    await slices.end()
  })

  it('tells who listens to commits of what the thread has committed', async () => {
    await appendEvents(ctx, 1)
    let heard = 0
    ctx.database.onCommit(() => heard++)
    const slices = new ThreadSlices(ctx)
    await slices.take(['place'])
    expect(heard).toBe(1)
    await slices.end()
  })
})
