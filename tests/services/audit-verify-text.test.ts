import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mutate } from '#server/services/audit'
import { contentHash } from '#server/services/audit/canonical'
import { sequence } from '#server/services/audit/sequence'
import { writeLog } from '../helpers/audit-log'
import { firstFault, tamper } from '../helpers/audit-tamper'
import { databaseWith, testContext, type TestContext } from '../helpers/context'

const SIZE = 10
const leaf = (index: number) => `(select event_seq from audit_leaves where log_id = 1 and leaf_index = ${index})`

let written: Buffer
beforeAll(async () => void (written = await databaseWith((ctx) => writeLog(ctx, SIZE))))

let ctx: TestContext
beforeEach(() => void (ctx = testContext({ database: written })))
afterEach(() => ctx.close())

describe('an event that somebody else inserted', () => {
  it.each(['{}', '5', '[]'])('is named where its text is none: %s', async (content) => {
    expect(await firstFault(ctx)).toBe('intact')
    const insert = ctx.database.raw
      .prepare(`insert into audit_events select 9000, 'x', at, received_at, scope, source, external_id, action,
      category, severity, outcome, actor_type, actor_id, resource_type, resource_id, tenant_id, partner_id, ?, ?
      from audit_events where seq = ${leaf(5)}`)
    insert.run(content, contentHash(content))
    await sequence(ctx)
    expect(await firstFault(ctx)).toBe(`platform: modified at ${SIZE}`)
  })
})

describe('a text that is no UTF-8', () => {
  it('is not taken for the one that it is read as', async () => {
    await mutate(ctx, 'domain.added', async () => ({
      value: undefined,
      events: [{ resource: { type: 'domain', id: 'd\uFFFD' } }],
    }))
    await sequence(ctx)
    expect(await firstFault(ctx)).toBe('intact')
    const last = ctx.database.raw.prepare('select max(leaf_index) from audit_leaves where log_id = 1').pluck().get() as number
    const bytes = `replace(hex(content), 'EFBFBD', 'F09F98')`
    tamper(ctx, (raw) => raw.exec(`update audit_events set content = cast(unhex(${bytes}) as text) where seq = ${leaf(last)}`))
    const read = ctx.database.raw
      .prepare(`select content from audit_events where seq = ${leaf(last)}`)
      .pluck()
      .get()
    expect(read).toContain('"d\uFFFD"')
    expect(await firstFault(ctx)).toBe(`platform: modified at ${last}`)
  })

  it('is not taken for it either when the bytes are put where text belongs', async () => {
    await mutate(ctx, 'domain.added', async () => ({
      value: undefined,
      events: [{ resource: { type: 'domain', id: 'd\uFFFD' } }],
    }))
    await sequence(ctx)
    const last = ctx.database.raw.prepare('select max(leaf_index) from audit_leaves where log_id = 1').pluck().get() as number
    const bytes = `unhex(replace(hex(content), 'EFBFBD', 'F09F98'))`
    tamper(ctx, (raw) => raw.exec(`update audit_events set content = ${bytes} where seq = ${leaf(last)}`))
    expect(await firstFault(ctx)).toBe(`platform: modified at ${last}`)
  })
})
