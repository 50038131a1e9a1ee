import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { SYSTEM_ACTOR } from '#server/platform/context'
import { Sequencer } from '#server/services/audit'
import { bulkOf } from '#server/services/ingest'
import { Bulk } from '#server/services/ingest/bulk'
import { appendIngested } from '#server/services/ingest/append-ingested'
import type { IngestedEvent } from '#server/services/ingest/contract'
import { firstFault } from '../helpers/audit-tamper'
import { atHand, endThread } from '../helpers/bulk'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const SOURCE = { id: 'ocis', vocabulary: 'ocis' } as const
const one = (sql: string) => ctx.database.raw.prepare(sql).pluck().get()
const event = (n: number): IngestedEvent => ({
  ...{ externalId: `e${n}`, at: TEST_NOW - n, type: 'file_create', resource: { type: 'file', id: `f${n}` } },
  actor: { ...SYSTEM_ACTOR, type: 'user', id: `u_${n % 7}`, name: `Person ${n % 7}`, email: `p${n % 7}@example.org` },
})
const events = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => event(from + n))
const append = (from: number, to: number, cursor?: number) => appendIngested(ctx, SOURCE, { events: events(from, to), cursor })

function expectEachOnce(count: number): void {
  expect([one('select count(*) from audit_events'), one('select count(distinct external_id) from audit_events')]).toEqual([
    count,
    count,
  ])
  expect([one('select count(*) from audit_personal'), one('select count(*) from audit_subjects')]).toEqual([count, 7])
}

async function expectIntact(): Promise<void> {
  const sequencer = new Sequencer(ctx, bulkOf(ctx))
  await vi.waitFor(() => expect(one('select count(*) from audit_unsequenced')).toBe(0), 30_000)
  await sequencer.stop()
  expect(await firstFault(ctx)).toBe('intact')
}

describe('many events at once', () => {
  it('are stored by a thread: each once, its cursor with it, and known when they come again', async () => {
    await atHand(bulkOf(ctx))
    const delivered = vi.spyOn(bulkOf(ctx), 'deliver')
    expect(await append(0, 1_500, 1_500)).toEqual({ accepted: 1_500, duplicate: 0 })
    expect(delivered.mock.calls.map(([{ events: some }]) => some.length)).toEqual([512, 512, 476])
    expect(await append(1_000, 2_000, 2_000)).toEqual({ accepted: 500, duplicate: 500 })
    expectEachOnce(2_000)
    const [accepted, duplicate, cursor] = ['accepted', 'duplicate', 'cursor'].map((column) =>
      one(`select ${column} from ingest_sources`),
    )
    expect([accepted, duplicate, cursor]).toEqual([2_000, 500, '2000'])
    await expectIntact()
  })

  it('stand beside what this thread writes at the same time', async () => {
    await atHand(bulkOf(ctx))
    const insert = (id: string) =>
      transaction(ctx, ({ tx }) => tx.insert(partners).values({ id, slug: id, name: id, createdAt: 0 }))
    const receipts = await Promise.all([append(0, 600), insert('a'), append(600, 1_200), insert('b'), append(300, 900)])
    expect(receipts.map((receipt) => ('accepted' in receipt ? receipt.accepted : 0)).reduce((a, b) => a + b)).toBe(1_200)
    expect(one('select count(*) from partners')).toBe(2)
    expectEachOnce(1_200)
    await expectIntact()
  })

  it('are not kept waiting, nor is another write, for a thread that has yet to begin', async () => {
    const order: string[] = []
    expect(bulkOf(ctx).makeReady()).toBe(false)
    const asked = expect(bulkOf(ctx).take(['place'])).rejects.toThrow()
    const began = atHand(bulkOf(ctx)).then(() => order.push('begun'))
    expect(await append(0, 600)).toEqual({ accepted: 600, duplicate: 0 })
    order.push('stored')
    await Promise.all([asked, began])
    expect(order).toEqual(['stored', 'begun'])
    expectEachOnce(600)
  })

  it('are stored without it when it ends in the middle, whoever waits', async () => {
    await atHand(bulkOf(ctx))
    const { deliver } = bulkOf(ctx)
    vi.spyOn(bulkOf(ctx), 'deliver').mockImplementationOnce(async (delivery) => {
      const receipt = deliver.call(bulkOf(ctx), delivery)
      await endThread(bulkOf(ctx))
      return receipt
    })
    // More than a round of them: the second one finds no thread.
    const receipts = await Promise.all(Array.from({ length: 6 }, (_, n) => append(n * 500, (n + 1) * 500)))
    expect(receipts.map(({ accepted, duplicate }) => accepted + duplicate)).toEqual(Array.from({ length: 6 }, () => 500))
    expect(await append(0, 1)).toEqual({ accepted: 0, duplicate: 1 })
    expectEachOnce(3_000)
    await expectIntact()
  })

  it('whose receipt is lost are known when they are stored once more', async () => {
    await atHand(bulkOf(ctx))
    const { deliver } = bulkOf(ctx)
    const delivered = vi.spyOn(bulkOf(ctx), 'deliver').mockImplementationOnce(async (delivery) => {
      await deliver.call(bulkOf(ctx), delivery)
      throw new Error('The thread has ended')
    })
    expect(await append(0, 500, 500)).toEqual({ accepted: 0, duplicate: 500 })
    expect(delivered).toHaveBeenCalledOnce()
    expect(one('select cursor from ingest_sources')).toBe('500')
    expectEachOnce(500)
    await expectIntact()
  })

  it('get each their own receipt, also while a new thread loads its program', async () => {
    await atHand(bulkOf(ctx))
    await endThread(bulkOf(ctx))
    await Promise.allSettled([bulkOf(ctx).take(['place'])])
    expect(bulkOf(ctx).makeReady()).toBe(false)
    const asked = expect(bulkOf(ctx).take(['place'])).rejects.toThrow()
    await atHand(bulkOf(ctx))
    await asked
    const sizes = [500, 90, 290]
    const receipts = await Promise.all(sizes.map((size, n) => append(n * 1_000, n * 1_000 + size)))
    expect(receipts.map(({ accepted }) => accepted)).toEqual(sizes)
  })

  it('are heard of by who listens to commits', async () => {
    await atHand(bulkOf(ctx))
    await append(0, 64)
    let heard = 0
    ctx.database.onCommit(() => heard++)
    await bulkOf(ctx).take(['place'])
    expect(heard).toBe(1)
  })

  it('of which one cannot be stored fail by themselves, and with the reason', async () => {
    await atHand(bulkOf(ctx))
    ctx.database.raw.exec(`create trigger refuse before insert on audit_events when new.external_id = 'e700'
      begin select raise(abort, 'not this one'); end`)
    const [good, bad] = await Promise.allSettled([append(0, 300), append(600, 900)])
    expect(good).toMatchObject({ status: 'fulfilled', value: { accepted: 300 } })
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.objectContaining({ message: 'not this one' }) as unknown })
    expectEachOnce(300)
    await expectIntact()
  })
})

it('what the thread cannot place is placed here, and what it stored counts', async () => {
  await atHand(bulkOf(ctx))
  ctx.database.raw.exec(`create trigger refuse before insert on audit_leaves begin select raise(abort, 'no leaf'); end`)
  await append(0, 64)
  const { deliver } = bulkOf(ctx)
  let slice: Promise<unknown> = Promise.resolve()
  vi.spyOn(bulkOf(ctx), 'deliver').mockImplementationOnce((delivery) => {
    slice = expect(bulkOf(ctx).take(['place'])).rejects.toThrow(/slice/)
    return deliver.call(bulkOf(ctx), delivery)
  })
  expect(await append(64, 400)).toEqual({ accepted: 336, duplicate: 0 })
  await slice
  ctx.database.raw.exec('drop trigger refuse')
  expectEachOnce(400)
  await expectIntact()
})

it('a thread that cannot be had is told, and tried three times', async () => {
  const bulk = new Bulk({ ...ctx, config: { ...ctx.config, databaseFile: join(ctx.database.file, 'no-folder.db') } })
  for (const tries of [1, 2, 3, 3]) {
    expect(bulk.makeReady()).toBe(false)
    await vi.waitFor(() => expect(ctx.logged).toHaveLength(tries), 30_000)
  }
  expect(new Set(ctx.logged.map(({ message }) => message))).toEqual(
    new Set(['The thread that writes many events failed: they are written without it']),
  )
})
