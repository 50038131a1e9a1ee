import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { headOfLog, proveConsistency, proveInclusion, startVerification, verification } from '#server/services/audit'
import { verifyConsistency, verifyInclusion } from '#server/services/audit/merkle'
import { recordedActions } from '../helpers/audit'
import { appendEvents, writeLog } from '../helpers/audit-log'
import { databaseWith, testContext, type TestContext } from '../helpers/context'

let written: Buffer
beforeAll(async () => void (written = await databaseWith((writer) => writeLog(writer, 600))))

let ctx: TestContext
beforeEach(() => void (ctx = testContext({ database: written })))
afterEach(() => ctx.close())

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const idAt = (index: number) =>
  ctx.database.raw
    .prepare('select id from audit_events join audit_leaves on seq = event_seq where leaf_index = ?')
    .pluck()
    .get(index) as string

describe('a proof of inclusion', () => {
  it.each([0, 1, 127, 255, 256, 511, 512, 598, 599])('leads from leaf %i to the root, and from no other', async (index) => {
    const proof = await proveInclusion(ctx, idAt(index))
    const { root, size } = await headOfLog(ctx, { scope: 'platform' })
    expect(proof).toMatchObject({ index, size: 600, log: 'platform', root })
    const said = { index, size, leafHash: bytes(proof.hash), root: bytes(root) }
    expect(verifyInclusion(said, proof.path.map(bytes))).toBe(true)
    expect(verifyInclusion({ ...said, index: (index + 1) % 600 }, proof.path.map(bytes))).toBe(false)
    expect(JSON.parse(proof.leaf)).toMatchObject({ content: proof.contentHash, index, prev: proof.prevHash })
  })

  it('is not there for an event that is not, that has no place, or that the caller does not see', async () => {
    await appendEvents(ctx, 1)
    const waiting = ctx.database.raw.prepare('select id from audit_events order by seq desc').pluck().get() as string
    await expect(proveInclusion(ctx, 'nobody')).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(proveInclusion(ctx, waiting)).rejects.toMatchObject({ token: 'CONFLICT' })
    const narrow = (tenant: string) => ({ ...ctx, scope: [tenant] })
    expect(await proveInclusion(narrow('t_1'), idAt(3))).toMatchObject({ index: 3 })
    await expect(proveInclusion(narrow('t_2'), idAt(3))).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(headOfLog(narrow('t_1'), { scope: 'platform' })).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})

describe('a proof of consistency', () => {
  it.each([
    [1, 600],
    [255, 256],
    [256, 600],
    [300, 512],
    [512, 600],
    [599, 600],
    [600, 600],
  ])('shows that %i leaves are the beginning of %i', async (from, to) => {
    const { fromRoot, toRoot, path } = await proveConsistency(ctx, { scope: 'platform', from, to })
    const said = { from, to, fromRoot: bytes(fromRoot), toRoot: bytes(toRoot) }
    expect(verifyConsistency(said, path.map(bytes))).toBe(true)
    expect(verifyConsistency({ ...said, fromRoot: bytes('00'.repeat(32)) }, path.map(bytes))).toBe(false)
  })

  it.each([
    [0, 5],
    [5, 4],
    [5, 601],
  ])('is refused from %i to %i', async (from, to) => {
    await expect(proveConsistency(ctx, { scope: 'platform', from, to })).rejects.toMatchObject({ token: 'VALIDATION' })
  })
})

describe('a verification that was asked for', () => {
  it('runs once, says how far it is, and is an event itself', async () => {
    expect(verification(ctx)).toMatchObject({ state: 'never', report: null })
    expect(startVerification(ctx)).toMatchObject({ state: 'running' })
    expect(startVerification(ctx).startedAt).toBe(verification(ctx).startedAt)
    while (verification(ctx).state === 'running') await new Promise((done) => setTimeout(done, 20))
    expect(verification(ctx)).toMatchObject({ state: 'done', progress: { done: 600, total: 600 }, report: { verdict: 'intact' } })
    expect((await recordedActions(ctx)).filter((action) => action === 'audit.verified')).toHaveLength(1)
  })
})
