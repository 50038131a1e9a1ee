import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { auditEvents, auditPersonal, auditSubjects } from '#drizzle/schema/sqlite'
import { openWith } from '#server/platform/secrets'
import { ROUTES } from '#server/http/routes'
import { createAttemptLimits, signIn, verifyPassword } from '#server/services/access'
import { settleHappenings } from '#server/services/audit'
import { droppedValues } from '#server/services/audit/event-data'
import { stopChecks } from '#server/services/checks'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { type ApiApp, BEARER, startApiApp } from '../helpers/api-app'
import { canaryDns, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'
import { mailHostInput } from '../helpers/tenants'

// The sign-in module runs inside the built server only; here everybody comes with a bearer.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.resolve(null) }))

const CANARY = 'Canary7f3a9e51'
const canary = (of: string) => `${CANARY}-${of}`

let ctx: TestContext
let app: ApiApp
const demoDir = mkdtempSync(join(tmpdir(), 'vigia-demo-'))
const dropped = droppedValues()

beforeAll(async () => {
  const demo = join(demoDir, 'demo.json')
  const partners = [{ slug: 'sample', name: 'Sample' }]
  writeFileSync(demo, JSON.stringify({ partners, mailHosts: [], tenants: [], domains: [] }))
  const env = { VIGIA_BOOTSTRAP_TOKEN: BEARER, VIGIA_DEMO: demo }
  ctx = testContext({ env, dns: canaryDns(() => 'answer') })
  app = await startApiApp(ctx)
})
afterAll(async () => {
  await stopChecks(ctx)
  await app.close()
  await ctx.close()
  rmSync(demoDir, { recursive: true })
})

const events = async () => {
  await settleHappenings()
  return ctx.database.read.select().from(auditEvents)
}
const idOf = async (path: string, key: string) =>
  ((await (await app.call('GET', path)).json()) as Record<string, { id: string }[]>)[key]![0]!.id
const domainRow = () => ctx.database.raw.prepare("select * from audit_domains where domain = 'a.example'").get() as { id: string }
const look = async () => {
  ctx.database.raw.exec('update audit_domains set claim_until = null, claim_token = null')
  await storeVerdicts(ctx, (await claimDomain(ctx, domainRow().id))!, outcomesOf('PPPFPPPP'))
}

const cloudEvent = {
  ...{ specversion: '1.0', id: 'e1', source: 'onboarding', type: 'account.created', time: '2026-01-15T11:00:00Z' },
  data: { tenantSlug: 'beta', domain: 'beta.example', message: canary('content'), password: canary('sent') },
}
const deviation = {
  domain: 'a.example',
  checkId: 'dns_mx',
  code: 'fail',
  reason: 'Moves',
  until: new Date(TEST_NOW + 1e8).toISOString(),
}
let deviationId = ''
let viewId = ''

/** Every route that changes something, in an order in which each finds what it needs, and the event that it leaves. */
const CHANGES: Record<string, [action: string, () => Promise<Response>]> = {
  'POST /api/v1/demo/load': ['partner.created', () => app.call('POST', '/api/v1/demo/load')],
  'POST /api/v1/partners': ['partner.created', () => app.call('POST', '/api/v1/partners', { slug: 'norte', name: 'Norte' })],
  'POST /api/v1/tenants': ['tenant.created', () => app.call('POST', '/api/v1/tenants', { slug: 'acme', name: 'Acme' })],
  'PATCH /api/v1/tenants/{idOrSlug}': [
    'tenant.updated',
    () => app.call('PATCH', '/api/v1/tenants/acme', { name: 'Acme Two', version: 1 }),
  ],
  'POST /api/v1/mail-hosts': [
    'mail_host.created',
    () => app.call('POST', '/api/v1/mail-hosts', mailHostInput({ adminPassword: canary('password') })),
  ],
  'PATCH /api/v1/mail-hosts/{id}': [
    'mail_host.updated',
    async () =>
      app.call('PATCH', `/api/v1/mail-hosts/${await idOf('/api/v1/mail-hosts', 'mailHosts')}`, {
        ...{ adminPassword: canary('second-password'), version: 1 },
      }),
  ],
  'POST /api/v1/tenants/{idOrSlug}/domains': [
    'domain.added',
    () => app.call('POST', '/api/v1/tenants/acme/domains', { domain: 'a.example', dkim: [], sends: true, receives: true }),
  ],
  'PATCH /api/v1/tenants/{idOrSlug}/domains/{domain}': [
    'domain.updated',
    () => app.call('PATCH', '/api/v1/tenants/acme/domains/a.example', { sends: false, version: 1 }),
  ],
  'POST /api/v1/audit/tenants/{idOrSlug}/deviations': [
    'deviation.accepted',
    async () => {
      await look()
      const answer = await app.call('POST', '/api/v1/audit/tenants/acme/deviations', deviation)
      deviationId = ((await answer.clone().json()) as { id: string }).id
      return answer
    },
  ],
  'DELETE /api/v1/audit/tenants/{idOrSlug}/deviations/{id}': [
    'deviation.withdrawn',
    () => app.call('DELETE', `/api/v1/audit/tenants/acme/deviations/${deviationId}`),
  ],
  'POST /api/v1/audit/views': [
    'audit.view_saved',
    async () => {
      const answer = await app.call('POST', '/api/v1/audit/views', { name: 'Failures', filter: { outcome: 'failure' } })
      viewId = ((await answer.clone().json()) as { id: string }).id
      return answer
    },
  ],
  'DELETE /api/v1/audit/views/{id}': ['audit.view_removed', () => app.call('DELETE', `/api/v1/audit/views/${viewId}`)],
  'POST /api/v1/audit/bulk-run': ['check.bulk_run_requested', () => app.call('POST', '/api/v1/audit/bulk-run', { filter: {} })],
  'PATCH /api/v1/settings/checks': [
    'check_settings.updated',
    () => app.call('PATCH', '/api/v1/settings/checks', { extended: { caa: false } }),
  ],
  'PATCH /api/v1/users/{id}': [
    'user.deactivated',
    async () => {
      const anonymous = ctx.as({ actor: { type: 'service', id: 'anonymous', role: 'member' } })
      const groups = [ctx.config.operatorGroup]
      for (const subject of ['marta', 'bruno'])
        await signIn(anonymous, { issuer: 'https://id.example', subject, email: `${subject}@example.org`, name: subject, groups })
      return app.call('PATCH', `/api/v1/users/${await idOf('/api/v1/users', 'users')}`, { active: false })
    },
  ],
  'PATCH /api/v1/audit/sources/{id}': [
    'ingest_source.updated',
    () =>
      app.call('PATCH', '/api/v1/audit/sources/authentik', {
        ...{ version: 0, settings: { url: 'http://127.0.0.1:1', token: canary('token-of-a-source') } },
      }),
  ],
  'POST /api/v1/audit/sources/{id}/test': [
    'ingest_source.tested',
    () => app.call('POST', '/api/v1/audit/sources/authentik/test'),
  ],
  'POST /api/v1/audit/sources/{id}/run': [
    'ingest_source.run_requested',
    () => app.call('POST', '/api/v1/audit/sources/authentik/run'),
  ],
  'POST /ingest/events': ['onboarding.received', () => app.call('POST', '/ingest/events', cloudEvent)],
  'DELETE /api/v1/tenants/{idOrSlug}/domains/{domain}': [
    'domain.removed',
    () => app.call('DELETE', '/api/v1/tenants/acme/domains/a.example'),
  ],
  'DELETE /api/v1/mail-hosts/{id}': [
    'mail_host.removed',
    async () => app.call('DELETE', `/api/v1/mail-hosts/${await idOf('/api/v1/mail-hosts', 'mailHosts')}`),
  ],
  'POST /api/v1/audit/run/{idOrSlug}': ['check.run_requested', () => app.call('POST', '/api/v1/audit/run/beta')],
  'POST /api/v1/audit/verify': [
    'audit.verified',
    async () => {
      const answer = await app.call('POST', '/api/v1/audit/verify')
      const state = async () => ((await (await app.call('GET', '/api/v1/audit/verify')).json()) as { state: string }).state
      await vi.waitUntil(async () => (await state()) !== 'running', { timeout: 60_000 })
      return answer
    },
  ],
}

/** Tells what others did elsewhere: their events are held in tests/api/ingest-stalwart.test.ts. */
const RECEIVES = 'POST /ingest/stalwart/webhook'

describe('every route that changes something', () => {
  it('has its case here', () => {
    expect(Object.keys(CHANGES).sort()).toEqual(
      Object.keys(ROUTES)
        .filter((route) => !route.startsWith('GET ') && route !== RECEIVES)
        .sort(),
    )
  })

  it.each(Object.entries(CHANGES))(
    '%s writes its event, with who, whence and by which request',
    { timeout: 90_000 },
    async (_, [action, change]) => {
      const before = (await events()).length
      const answer = await change()
      expect(answer.status, await answer.clone().text()).toBeLessThan(300)
      const event = (await events()).slice(before).find((one) => one.action === action)
      expect(event, `no event ${action}`).toMatchObject({ actorId: 'bootstrap', actorType: 'service', outcome: 'success' })
      const { data } = JSON.parse(event!.content) as { data: Record<string, unknown> }
      expect(data.requestId).toBe(answer.headers.get('x-request-id'))
      expect(await disclosureOf(event!.id)).toEqual({ ip: '127.0.0.1', userAgent: 'test-agent' })
    },
  )
})

/** What is sealed beside an event. */
async function disclosureOf(eventId: string): Promise<unknown> {
  const personal = (await ctx.database.read.select().from(auditPersonal)).find((row) => row.eventId === eventId)!
  const subject = (await ctx.database.read.select().from(auditSubjects)).find((row) => row.id === personal.subjectId)!
  const key = Buffer.from(ctx.secrets.open('audit-subject', subject.keyBox), 'hex')
  return JSON.parse(openWith(key, eventId, personal.box))
}

const countOf = async (action: string) => (await events()).filter((event) => event.action === action).length
const repeatedIn = async (action: string) =>
  (await events()).filter((event) => event.action === action).map((event) => JSON.parse(event.content).data.repeated)

describe('what is no change', () => {
  it('a read of personal data is an event, once in a quarter of an hour, and the next one tells how often more', async () => {
    const before = await countOf('user.list_read')
    ctx.setNow(TEST_NOW + 20 * 60_000)
    for (let n = 0; n < 5; n++) await app.call('GET', '/api/v1/users')
    expect(await countOf('user.list_read')).toBe(before + 1)
    ctx.setNow(TEST_NOW + 35 * 60_000)
    await app.call('GET', '/api/v1/users')
    expect((await repeatedIn('user.list_read')).at(-1)).toBe(4)
  })

  it('a bearer that is not accepted is an event, by the pattern of the route', async () => {
    const headers = { authorization: `Bearer ${canary('bearer')}` }
    for (const id of ['a', 'b', 'c'])
      expect((await app.call('GET', `/api/v1/mail-hosts/${id}`, undefined, headers)).status).toBe(401)
    const refused = (await events()).filter((event) => event.action === 'access.bearer_refused')
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({ actorId: 'anonymous', outcome: 'failure', resourceId: 'GET /api/v1/mail-hosts/:id' })
  })

  it('who is simply not signed in is none', async () => {
    const before = (await events()).length
    const { status } = await app.call('GET', '/api/v1/users', undefined, { authorization: '' })
    expect(status).toBe(401)
    expect(await events()).toHaveLength(before)
  })
})

describe('secrets and content', () => {
  it('are in no file of the database and in no line of the log', async () => {
    const dkim = [{ selector: 's1', publicKey: `-----BEGIN PRIVATE KEY-----\n${canary('dkim')}\n-----END PRIVATE KEY-----` }]
    const body = { domain: 'c.example', dkim, sends: true, receives: true }
    expect((await app.call('POST', '/api/v1/tenants/acme/domains', body)).status).toBe(422)
    const input = { username: 'nobody', password: canary('typed') }
    expect(await verifyPassword(ctx, createAttemptLimits(), input)).toBeNull()
    await settleHappenings()
    const files = readdirSync(ctx.config.dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(ctx.config.dataDir, name))
      .filter((name) => statSync(name).isFile())
    expect(files.some((name) => name.endsWith('-wal'))).toBe(true)
    const forms = [CANARY, Buffer.from(CANARY).toString('base64').slice(0, 16), Buffer.from(CANARY).toString('hex')]
    const places = [
      ...files.map((name) => [name, readFileSync(name)] as const),
      ['log', Buffer.from(JSON.stringify(ctx.logged))] as const,
    ]
    for (const form of forms) expect(places.filter(([, bytes]) => bytes.includes(form)).map(([name]) => name)).toEqual([])
  })

  it('no value of any event had to be dropped', () => {
    expect(droppedValues()).toBe(dropped)
  })
})
