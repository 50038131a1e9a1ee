import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingestRejects } from '#drizzle/schema/sqlite'
import { getSource, testSource, updateSource } from '#server/services/ingest'
import { tickSource } from '#server/services/ingest/tick'
import { OcisAuditLog } from '../../world/ocis/audit-log'
import { addTenant } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'
import { eventsOf } from '../helpers/stalwart'

const fixture = (name: string) => readFile(join(import.meta.dirname, '..', 'fixtures', 'ocis', name))
const SPACE = '9f3c0d1e-2b4a-4c6d-8e0f-a1b2c3d4e5f6'
const [ANNA, BERT] = ['4c510ada-c86b-4815-8820-42cdf82c3d51', '058bff95-6708-4fe5-91e4-9ea3d377588b']

let ctx: TestContext
let log: OcisAuditLog
beforeEach(async () => {
  // The log stands in the folder of the database, so that both go together.
  const bare = testContext()
  log = new OcisAuditLog(join(bare.config.dataDir, 'audit.log'))
  const config = { ...bare.config, ingest: { ...bare.config.ingest, ocisAuditLogPath: log.path } }
  ctx = Object.assign(bare, { config })
})
afterEach(() => ctx.close())

const tick = () => tickSource(ctx, 'ocis')
const source = () => getSource(ctx, 'ocis')
const events = () => eventsOf(ctx, 'ocis')
const created = (id: string) =>
  log.write({
    Action: 'file_create',
    Message: `user '${ANNA}' created file 'x'`,
    FileID: `p$s!${id}`,
    Time: '2026-01-15T11:00:00Z',
  })
const files = async () => (await events()).map(({ resourceId }) => resourceId.slice('p$s!'.length))

describe('the recorded log of OCIS', () => {
  beforeEach(async () => {
    await addTenant(ctx, 'space-owner')
    await addTenant(ctx, 'anna-and-co')
    const settings = { spaces: { [SPACE]: 'space-owner' }, users: { [ANNA]: 'anna-and-co' } }
    await updateSource(ctx, 'ocis', { version: 0, settings })
    await log.writeRaw(await fixture('audit.ndjson'))
    await tick()
  })

  it('is stored with each change once, its verb, its actor and its tenant; reads are left out and counted', async () => {
    const [anna, bert] = [`ocis:${ANNA}`, `ocis:${BERT}`]
    expect((await events()).map((row) => [row.action.slice('ocis.'.length), row.actorId, row.tenantSlug, row.outcome])).toEqual([
      ['file_create', bert, 'space-owner', 'success'],
      ['container_create', anna, 'space-owner', 'success'],
      ['file_rename', anna, 'space-owner', 'success'],
      ['file_delete', anna, 'space-owner', 'success'],
      ['file_trash_delete', anna, 'space-owner', 'success'],
      ['file_version_restore', anna, 'space-owner', 'success'],
      ['file_shared', anna, 'anna-and-co', 'success'],
      ['file_shared', anna, 'anna-and-co', 'success'],
      ['public_link_accessed', 'anonymous', 'anna-and-co', 'success'],
      ['public_link_accessed', 'anonymous', null, 'failure'],
      ['file_unshared', 'ocis', null, 'success'],
      ['space_shared', anna, 'space-owner', 'success'],
      ['space_created', anna, 'space-owner', 'success'],
      ['space_updated', anna, 'space-owner', 'success'],
      ['user_created', anna, 'anna-and-co', 'success'],
      ['user_feature_changed', anna, 'anna-and-co', 'success'],
      ['group_member_added', anna, 'anna-and-co', 'success'],
      ['unknown', 'ocis', 'anna-and-co', 'success'],
      ['science_mesh_invite_token_generated', anna, 'anna-and-co', 'success'],
      ['file_teleported', anna, 'space-owner', 'success'],
    ])
    expect((await source()).counters).toEqual({ accepted: 20, duplicate: 0, skipped: 2, bad: 0 })
  })

  it('tells the time of the line, and of receipt where it has none', async () => {
    const times = (await events()).map(({ at }) => Date.parse(at))
    expect(times[0]).toBe(Date.UTC(2026, 2, 1, 9, 15, 4))
    expect(times.filter((at) => at === TEST_NOW)).toHaveLength(3)
  })

  it('adds nothing when it is read again from its beginning', async () => {
    ctx.database.raw.exec('update ingest_sources set cursor = null')
    await tick()
    expect(await events()).toHaveLength(20)
    expect((await source()).counters).toMatchObject({ accepted: 20, duplicate: 20 })
  })

  it('is not read again when somebody says whose a further space is', async () => {
    await updateSource(ctx, 'ocis', { version: 1, settings: { spaces: {} } })
    await tick()
    expect((await source()).counters).toMatchObject({ accepted: 20, duplicate: 0 })
  })
})

describe('a log of OCIS', () => {
  it('keeps of what is no line of it the place, the length and the digest, and never the text', async () => {
    const broken = await fixture('audit-broken.ndjson')
    await log.writeRaw(Buffer.concat([broken, Buffer.from('\n')]))
    await log.writeRaw(`${'x'.repeat(5_000_000)}\n`)
    await tick()
    expect((await events()).map(({ action }) => action)).toEqual(['ocis.file_create'])
    const rows = await ctx.database.read.select().from(ingestRejects)
    expect(rows.map(({ reason, length }) => [reason, length])).toEqual([
      ['not-an-audit-line', 12],
      ['not-an-audit-line', 28],
      ['not-an-audit-line', 96],
      ['not-an-audit-line', 2],
      ['not-an-audit-line', 4],
      ['not-an-audit-line', expect.any(Number)],
      ['unreadable', 5_000_000],
    ])
    expect((await source()).counters).toMatchObject({ accepted: 1, bad: 7 })
    const line = broken.toString().split('\n')[2]!
    expect(rows[0]).toMatchObject({ place: log.path, digest: createHash('sha256').update(line).digest('hex') })
    expect(JSON.stringify(rows)).not.toMatch(/service|opening/)
  })

  it('tells twins apart that are the same byte for byte', async () => {
    await created('twin')
    await created('twin')
    await tick()
    await created('twin')
    await tick()
    expect(await files()).toEqual(['twin', 'twin', 'twin'])
  })

  it.each(['create', 'copytruncate'] as const)('goes on after rotation by %s', async (how) => {
    for (let n = 0; n < 6; n++) {
      await created(`${n}-before`)
      if (n % 2 === 0) await tick()
      await log.rotate(how)
      await created(`${n}-after`)
      await tick()
    }
    expect(await files()).toEqual([0, 1, 2, 3, 4, 5].flatMap((n) => [`${n}-before`, `${n}-after`]))
    expect(await source()).toMatchObject({ state: 'ok', note: null, counters: { duplicate: 0, bad: 0 } })
  })

  it('doubles nothing when it was emptied while the lines that were read of it were being stored', async () => {
    for (let n = 0; n < 200; n++) await created(`${n}`)
    ctx.database.raw.exec(
      `create temp trigger dies before insert on audit_events when (select count(*) from audit_events) >= 150
      begin select raise(abort, 'as if it was killed'); end`,
    )
    await tick()
    ctx.database.raw.exec('drop trigger dies')
    await log.rotate('copytruncate')
    await created('200')
    await tick()
    expect(await files()).toEqual(Array.from({ length: 201 }, (_, n) => `${n}`))
    expect(await source()).toMatchObject({ state: 'ok', note: null })
  })

  it('says how far it is complete', async () => {
    await created('a')
    await tick()
    expect((await source()).completeTo).toBe(new Date(TEST_NOW).toISOString())
  })

  it('says that lines may be missing where it was emptied without a copy', async () => {
    await created('a')
    await created('b')
    await tick()
    await unlink(log.path)
    await created('c')
    await tick()
    expect(await files()).toEqual(['a', 'b', 'c'])
    expect((await source()).note).toMatchObject({ token: 'lines-lost' })
  })

  it('is told by its fault while it is missing or a folder stands there, and goes on', async () => {
    await tick()
    expect((await source()).error).toMatchObject({ token: 'not-found' })
    expect(await testSource(ctx, 'ocis')).toMatchObject({ ok: false, token: 'not-found' })
    await mkdir(log.path)
    await tick()
    expect((await source()).error).toMatchObject({ token: 'not-a-file' })
    await rm(log.path, { recursive: true })
    await created('a')
    await tick()
    expect(await source()).toMatchObject({ state: 'ok', error: null })
    expect(await testSource(ctx, 'ocis')).toMatchObject({ ok: true })
    expect(await files()).toEqual(['a'])
  })

  it('is read on by another process after one died', async () => {
    await created('a')
    await tick()
    await created('b')
    const other = { ...ctx, database: { ...ctx.database } }
    await tickSource(other, 'ocis')
    expect(await files()).toEqual(['a', 'b'])
  })
})
