import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '#drizzle/schema/sqlite'
import type { Actor } from '#server/platform/context'
import { auditEvent, auditHistogram, auditPage, auditStats, exportAudit, mutate, type Mutation } from '#server/services/audit'
import { sequence } from '#server/services/audit/sequence'
import { narrow } from '#server/services/audit/timeline/read-narrowed'
import { slicesOf } from '#server/services/audit/timeline/read-positions'
import { AuditEventDetail, AuditHistogram, AuditStats } from '#shared/schemas/audit'
import { AuditExportQuery, AuditFilter, AuditQuery } from '#shared/schemas/audit-filter'
import { auditTrail } from '../helpers/audit'
import { addTenant } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

type Told = Mutation<void>['events'][number]
const HOUR = 3_600_000
const BRUNO: Actor = { type: 'user', id: 'u_bruno', role: 'employee', name: 'Bruno', email: 'bruno@example.org' }

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

async function write(...events: Told[]): Promise<void> {
  await mutate(ctx, 'domain.added', async () => ({ value: undefined, events }))
  await sequence(ctx)
}
const event = (id: string, rest: Partial<Told> = {}): Told => ({ resource: { type: 'domain', id }, ...rest })
const at = (ms: number) => ({ source: 'authentik', externalId: `x${ms}`, at: TEST_NOW + ms })
const idsOf = async (query: Record<string, unknown>, actor = ctx.actor) =>
  (await auditPage(ctx.as({ actor }), AuditQuery.parse(query))).events.map(({ resourceId }) => resourceId)

describe('free text', () => {
  beforeEach(async () => {
    const acme = await addTenant(ctx, 'acme')
    await write(
      event('d_1', { data: { domain: 'mail.acme.example' }, tenantId: acme }),
      event('d_2', { data: { domain: 'ação.example' }, action: 'domain.removed' }),
      event('d_3', { actor: BRUNO }),
    )
  })

  it.each([
    ['mail.acme.example', ['d_1']],
    ['MAIL.acme.example d_1', ['d_1']],
    ['mail.acme.example d_2', []],
    ['mail.ac*', ['d_1']],
    ['mail.ac', []],
    ['acao.example', ['d_2']],
    ['domain.removed', ['d_2']],
    ['removed', ['d_2']],
    ['acme domain.added', ['d_1']],
    ['u_bruno', ['d_3']],
    ['bruno@example.org', []],
    ['"d_2" (', ['d_2']],
  ])('%s', async (q, expected) => {
    expect(await idsOf({ q, action: 'domain.*' })).toEqual(expected)
  })

  it.each(['!!!', '*', 'ab*', '" " NEAR('])('refuses %s without a failure of the store', async (q) => {
    const answer = auditPage(ctx, AuditQuery.parse({ q }))
    if (q.includes('NEAR')) expect((await answer).events).toEqual([])
    else await expect(answer).rejects.toMatchObject({ token: 'VALIDATION', issues: [{ path: 'query.q' }] })
  })

  it('finds what is common slice by slice, together with another filter, and what is rare at once', async () => {
    for (let first = 0; first < 2_500; first += 500)
      await write(
        ...Array.from({ length: 500 }, (_, n) =>
          event(`b_${first + n}`, { origin: at(-first - n - 1), data: { domain: 'bulk.example' } }),
        ),
      )
    await write(event('needle', { origin: at(-9_999), actor: BRUNO, data: { domain: 'bulk.example' } }))
    expect(await idsOf({ q: 'bulk.example', limit: 2 })).toEqual(['b_0', 'b_1'])
    expect(await idsOf({ q: 'bulk.example', actor: 'bru' })).toEqual(['needle'])
    expect(await idsOf({ q: 'bulk.example needle' })).toEqual(['needle'])
    expect(await idsOf({ q: 'bulk.example', until: new Date(TEST_NOW - 9_000).toISOString() })).toEqual(['needle'])
  }, 30_000)

  it('finds what is common where events of one time were admitted far apart', async () => {
    const early = (n: number) => event(`a_${n}`, { origin: at(-2 * n), data: { domain: 'bulk.example' } })
    const late = (n: number) =>
      event(`c_${n}`, { origin: at(-2 * n - 1), data: { domain: n % 2 ? 'bulk.example' : 'other.example' } })
    const among = (one: (n: number) => Told) => Array.from({ length: 2_000 }, (_, n) => one(n + 1))
    await write(...among(early))
    ctx.database.raw.exec("update sqlite_sequence set seq = 1000000 where name = 'audit_events'")
    await write(...among(late))
    expect(await idsOf({ q: 'bulk.example', limit: 4 })).toEqual(['a_1', 'c_1', 'a_2', 'a_3'])
    expect((await auditStats(ctx, AuditFilter.parse({ q: 'bulk.example' }))).total).toBe(3_000)
  }, 30_000)

  it('finds an id wherever it lies, at once while the event waits for the index, and however it is spelt', async () => {
    const spelt = ['d_9', 'urn:x:9', 'ação 9', 'e\u0323\u0301', 'a"b', '-']
    await write(...spelt.map((id, n) => event(id, { origin: at(-n - 1) })))
    await mutate({ ...ctx, requestId: 'r-9' }, 'domain.added', async () => ({ value: undefined, events: [event('d_9')] }))
    for (const id of spelt) expect(await idsOf({ resourceId: id })).toEqual(id === 'd_9' ? ['d_9', 'd_9'] : [id])
    expect(await idsOf({ requestId: 'r-9' })).toEqual(['d_9'])
    expect(await idsOf({ externalId: 'x-2' })).toEqual(['urn:x:9'])
    expect(await idsOf({ resourceId: 'd_9', externalId: 'x-1' })).toEqual(['d_9'])
    expect(await idsOf({ resourceId: 'D_9' })).toEqual([])
  })

  it.each([{ tenantSlug: 'acme' }, { actorId: 'u_anna' }])('reads the few that are found, not all events of %o', async (rest) => {
    const narrowed = await narrow(ctx, AuditFilter.parse({ ...rest, q: 'd_1', since: new Date(0).toISOString() }))
    expect(narrowed.candidates).toHaveLength(1)
    for await (const { wanted } of slicesOf(ctx.db, narrowed, null)) {
      const query = ctx.db.select({ seq: auditEvents.seq }).from(auditEvents).where(wanted).toSQL()
      const plan = ctx.database.raw.prepare(`explain query plan ${query.sql}`).all(...query.params) as { detail: string }[]
      expect(plan[0]!.detail).toBe('SEARCH audit_events USING INTEGER PRIMARY KEY (rowid=?)')
    }
    expect(await idsOf({ ...rest, q: 'd_1' })).toEqual(['d_1'])
  })

  it('says so rather than miss what waits for the index', async () => {
    await mutate(ctx, 'domain.added', async () => ({ value: undefined, events: [event('d_9')] }))
    ctx.setNow(TEST_NOW + 20_000)
    const answer = auditPage({ ...ctx, now: () => TEST_NOW + 20_000 }, AuditQuery.parse({ q: 'd_9' }))
    await expect(answer).rejects.toMatchObject({ token: 'STORAGE_UNAVAILABLE' })
  })

  it('holds no personal data', () => {
    const words = ctx.database.raw.prepare('select words from timeline_words').pluck().all().join(' ')
    expect(words).toContain('u_anna')
    for (const personal of ['anna@example.org', 'Lima', '192.0.2.7', 'Bruno']) expect(words).not.toContain(personal)
  })
})

describe('statistics', () => {
  beforeEach(() =>
    write(
      event('d_1', { origin: at(-2 * HOUR) }),
      event('d_2', { origin: at(-2 * HOUR + 1), outcome: 'failure', action: 'mail_host.removed' }),
      event('d_3', { origin: at(-1), action: 'audit.log_restored', actor: BRUNO }),
    ),
  )
  const stats = (filter: object, as: { actor?: Actor } = {}) => auditStats(ctx.as(as), AuditFilter.parse(filter))
  const moment = (ms: number) => new Date(TEST_NOW + ms).toISOString()

  it('count the whole log by its hours, and the same by looking', async () => {
    const expected = {
      ...{ total: 3, failures: 1, warnings: 1, critical: 1, byOutcome: { success: 2, failure: 1 } },
      ...{ byCategory: { mail: 1, configuration: 1, data: 1 }, bySeverity: { low: 1, high: 1, critical: 1 } },
      ...{ asOf: new Date(TEST_NOW).toISOString(), countedBackTo: null },
    }
    expect(AuditStats.parse(await stats({}))).toEqual(expected)
    expect(await stats({ source: 'authentik' })).toEqual(expected)
    expect(await stats({ since: moment(-2 * HOUR) })).toEqual(expected)
    expect(await stats({ since: moment(-2 * HOUR + 1) })).toMatchObject({ total: 2 })
    expect(await stats({ until: moment(-HOUR) })).toMatchObject({ total: 2 })
    expect(await stats({ category: 'mail,data', severity: 'low' })).toMatchObject({ total: 1 })
    expect(await stats({}, { actor: BRUNO })).toMatchObject({ total: 1, critical: 1 })
  })

  it('the histogram tells the volume by outcome, with the empty bars in between', async () => {
    const day = AuditHistogram.parse(
      await auditHistogram(ctx, AuditFilter.parse({ since: moment(-36 * HOUR), until: moment(0) })),
    )
    expect(day.stepMs).toBe(HOUR)
    expect(day.bars.map(({ at, success, failure }) => [at, success, failure])).toEqual([
      [moment(-2 * HOUR), 1, 1],
      [moment(-HOUR), 1, 0],
    ])
    const { stepMs, bars } = await auditHistogram(ctx, AuditFilter.parse({ since: moment(-3 * HOUR), until: moment(0) }))
    expect([stepMs, bars.length]).toEqual([300_000, 24])
    expect((await auditHistogram(ctx, {})).bars).toHaveLength(1)
  })
})

describe('the least risk', () => {
  it('leaves out what is less, and what is not known to be a risk', async () => {
    await write(event('d_1'), event('d_2'), event('d_3'))
    ctx.database.raw.exec(
      "insert into audit_risks (event_seq, score, anomalous, factors, rules) values (1, 40, 0, '[]', 1), (2, 70, 1, '[]', 1)",
    )
    expect(await idsOf({ risk: '41' })).toEqual(['d_2'])
    expect(await idsOf({ risk: '40' })).toEqual(['d_2', 'd_1'])
    expect(await idsOf({ risk: '0' })).toEqual(['d_3', 'd_2', 'd_1'])
  })
})

describe('one event', () => {
  it('comes with those of its request, its resource and its actor, and not to whoever may not see it', async () => {
    await write(event('d_1', { origin: at(-HOUR) }), event('d_1'), event('d_2'), event('d_3', { actor: BRUNO }))
    const [own] = (await auditPage(ctx, AuditQuery.parse({ resourceId: 'd_1' }))).events
    const detail = AuditEventDetail.parse(await auditEvent(ctx, own!.id))
    expect(detail.event).toEqual(own)
    expect(detail.related.resource.map(({ at: when }) => when)).toEqual([new Date(TEST_NOW - HOUR).toISOString()])
    expect(detail.related.actor.map(({ resourceId }) => resourceId)).toEqual(['d_2'])
    expect(detail.proof).toBe(`/api/v1/audit/${own!.id}/proof`)
    await expect(auditEvent(ctx.as({ actor: BRUNO }), own!.id)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(auditEvent(ctx.as({ scope: ['t_1'] }), own!.id)).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})

describe('an export', () => {
  const begin = (query: object) => exportAudit(ctx, AuditExportQuery.parse(query))

  it('is exactly the filter as it was when it began, and stands in the log with its count', async () => {
    await write(
      ...Array.from({ length: 450 }, (_, n) => event(`d_${n}`, { origin: at(-n - 1), outcome: n % 3 ? 'success' : 'failure' })),
    )
    const { pieces } = await begin({ format: 'jsonl', outcome: 'failure', ip: '192.0.2.7' })
    await write(event('later', { origin: at(-5_000), outcome: 'failure' }))
    let text = ''
    for await (const piece of pieces) text += piece
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { resourceId: string; actorEmail: string })
    expect(lines.map(({ resourceId }) => resourceId)).toEqual(Array.from({ length: 150 }, (_, n) => `d_${n * 3}`))
    expect(lines[0]!.actorEmail).toBe('anna@example.org')
    const trail = await auditTrail(ctx)
    expect(trail.filter(({ action }) => action.startsWith('audit.export')).map(({ action, data }) => [action, data])).toEqual([
      ['audit.exported', expect.objectContaining({ format: 'jsonl', filter: '{"outcome":"failure"}', personal: 'ip' })],
      ['audit.export_ended', expect.objectContaining({ events: 150, complete: true })],
    ])
    expect(JSON.stringify(trail.filter(({ action }) => action === 'audit.exported'))).not.toContain('192.0.2.7')
  })

  it('neutralises cells that a spreadsheet would take for a formula', async () => {
    await write(event('=1+1'), event('a,"b"'))
    let text = ''
    for await (const piece of (await begin({ format: 'csv', action: 'domain.*' })).pieces) text += piece
    const rows = text.split('\r\n')
    expect(rows[0]).toMatch(/^seq,at,receivedAt,action,/)
    expect(rows).toHaveLength(4)
    expect(text).toContain(`,'=1+1,`)
    expect(text).toContain(',"a,""b""",')
  })

  it('ends where the reader goes away, and says how far it came', async () => {
    await write(...Array.from({ length: 450 }, (_, n) => event(`d_${n}`, { origin: at(-n - 1) })))
    for await (const piece of (await begin({ format: 'jsonl' })).pieces) if (piece) break
    const { action, data } = (await auditTrail(ctx)).at(-1)!
    expect([action, data]).toEqual(['audit.export_ended', expect.objectContaining({ events: 200, complete: false })])
  })
})
