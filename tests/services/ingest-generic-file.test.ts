import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditPage } from '#server/services/audit'
import { getSource, testSource, updateSource } from '#server/services/ingest'
import { tickSource } from '#server/services/ingest/tick'
import { AuditQuery } from '#shared/schemas/audit-filter'
import { testContext, type TestContext } from '../helpers/context'

let ctx: TestContext
let folder: string
let path: string
beforeEach(() => {
  ctx = testContext()
  folder = mkdtempSync(join(tmpdir(), 'vigia-test-'))
  path = join(folder, 'app.log')
})
afterEach(async () => {
  await ctx.close()
  rmSync(folder, { recursive: true })
})

const MAPPING = { time: 'ts', type: 'event', actorId: 'user.name', actorIp: 'user.ip', outcome: 'ok', system: '=shop' }
const line = (n: number, over: object = {}) =>
  `${JSON.stringify({ ts: 1_768_000_000_000 + n, event: 'login', user: { name: `kim${n}`, ip: '192.0.2.1' }, ok: n % 2 === 0, ...over })}\n`
const follow = (settings: object = { path, mapping: MAPPING }) =>
  updateSource(ctx, 'generic-file', { version: 0, settings: settings as never })
const tick = () => tickSource(ctx, 'generic-file')
const source = () => getSource(ctx, 'generic-file')
const timeline = async () => (await auditPage(ctx, AuditQuery.parse({ source: 'generic', limit: '500' }))).events

describe('a file of JSON lines', () => {
  it('is read by its mapping, on where it was left, through rotation', async () => {
    await follow()
    writeFileSync(path, line(0) + line(1) + line(1))
    await tick()
    await tick()
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, line(2))
    writeFileSync(path, line(3))
    await tick()
    const events = await timeline()
    expect(events.map(({ actorName, outcome }) => [actorName, outcome]).reverse()).toEqual([
      ...[
        ['kim0', 'success'],
        ['kim1', 'failure'],
        ['kim1', 'failure'],
        ['kim2', 'success'],
        ['kim3', 'failure'],
      ],
    ])
    expect(events[0]).toMatchObject({
      action: 'generic.login',
      actorIp: '192.0.2.1',
      metadata: { system: 'shop', type: 'login' },
    })
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 5, duplicate: 0, bad: 0 } })
  })

  it('goes on when the mapping changes: what was read does not come again', async () => {
    await follow()
    writeFileSync(path, line(0))
    await tick()
    await updateSource(ctx, 'generic-file', { version: 1, settings: { mapping: { ...MAPPING, id: 'ts' } } })
    appendFileSync(path, line(1))
    await tick()
    expect((await timeline()).map(({ externalId }) => externalId)[0]).toBe('shop#1768000000001')
    expect(await source()).toMatchObject({ counters: { accepted: 2 } })
  })

  it('counts the lines that are no events by their place and digest, and reads on', async () => {
    const secret = 'a text that nobody may find'
    await follow()
    writeFileSync(
      path,
      `${line(0)}\nnot json ${secret}\n[1]\n{"ts":"never","event":"x","a":"${secret}"}\n{"a":1,"a":2}\n${line(1)}{"half`,
    )
    await tick()
    expect(await source()).toMatchObject({ state: 'ok', counters: { accepted: 2, bad: 4 } })
    const rejects = ctx.database.raw.prepare('select place, offset, length, reason from ingest_rejects').all()
    expect(rejects).toHaveLength(4)
    expect(rejects[0]).toEqual({
      place: path,
      offset: line(0).length + 1,
      length: `not json ${secret}`.length,
      reason: 'not-an-event',
    })
    expect(JSON.stringify(ctx.database.raw.prepare('select * from ingest_rejects').all())).not.toContain(secret)
  })

  it('says when it is not there', async () => {
    await follow()
    await tick()
    expect(await source()).toMatchObject({ state: 'failing', error: { token: 'not-found' } })
    expect(await testSource(ctx, 'generic-file')).toMatchObject({ ok: false, token: 'not-found' })
    writeFileSync(path, line(0))
    await tick()
    expect(await source()).toMatchObject({ state: 'ok', error: null })
  })

  it('needs a mapping of time and type, where one is set', async () => {
    await expect(follow({ path, mapping: { time: 'ts' } })).rejects.toMatchObject({ issues: [{ path: 'settings.mapping' }] })
    await expect(follow({ path, mapping: { ...MAPPING, nothing: 'x' } })).rejects.toMatchObject({ token: 'VALIDATION' })
  })
})
