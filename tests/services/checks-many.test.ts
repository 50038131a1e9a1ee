import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents, partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { bulkRunWaiting, exportOverview, overviewGroups, requestBulkRun } from '#server/services/checks'
import { claimDomain, claimDue } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { BulkRunInput, ExportQuery, Groups } from '#shared/schemas/overview'
import { toldIn } from '../helpers/audit'
import { addDomains, addMailHost, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(async () => {
  ctx = testContext()
  await transaction(ctx, async ({ tx }) => {
    await tx.insert(partners).values({ id: 'p_1', slug: 'lisbon', name: 'Lisbon', createdAt: 0 })
  })
  const host = await addMailHost(ctx, 'one')
  const acme = await addTenant(ctx, 'acme', { name: '=cmd|evil', partnerId: 'p_1', plan: '@gold' })
  await addDomains(ctx, acme, ['a1.example', 'a2.example'], { mailHostId: host })
  await addDomains(ctx, await addTenant(ctx, 'beta'), ['b1.example'])
  await look('a1.example', 'PPPFPPPP')
  await look('a2.example', 'PPPFFPPP')
  await look('b1.example', 'PPPPPPPP')
})
afterEach(() => ctx.close())

async function look(domain: string, cells: string) {
  await storeVerdicts(ctx, (await claimDomain(ctx, `d_${domain}`))!, outcomesOf(cells))
}
const events = async (action: string) => (await ctx.db.select().from(auditEvents)).filter((event) => event.action === action)
const beta = () => ctx.as({ scope: ['t_beta'] })

describe('the groups of the overview', () => {
  it('count the domains of each partner, mail host and failing check', async () => {
    const partner = Groups.parse(await overviewGroups(ctx, { by: 'partner' }))
    expect(partner.groups).toMatchObject([
      { key: 'lisbon', label: 'Lisbon', domains: { all: 2, failing: 2, healthy: 0 } },
      { key: null, label: null, domains: { all: 1, failing: 0, healthy: 1 } },
    ])
    expect((await overviewGroups(ctx, { by: 'mailHost' })).groups.map(({ key }) => key)).toEqual(['h_one', null])
    expect((await overviewGroups(ctx, { by: 'failing' })).groups).toMatchObject([
      { key: 'dns_mx', label: 'MX', domains: { failing: 2 } },
      { key: 'dns_spf', label: 'SPF', domains: { failing: 1 } },
    ])
  })

  it('follow the filter and the scope of the caller', async () => {
    expect((await overviewGroups(ctx, { by: 'failing', q: 'a2' })).groups).toMatchObject([{ key: 'dns_mx' }, { key: 'dns_spf' }])
    expect((await overviewGroups(beta(), { by: 'partner' })).groups).toMatchObject([{ key: null, domains: { all: 1 } }])
    expect((await overviewGroups(beta(), { by: 'failing' })).groups).toEqual([])
  })
})

async function exported(query: Record<string, unknown>, caller = ctx as Parameters<typeof exportOverview>[0]) {
  const { pieces, ...rest } = await exportOverview(caller, ExportQuery.parse(query))
  let text = ''
  for await (const piece of pieces) text += piece
  return { text, ...rest }
}

describe('an export', () => {
  it('is exactly what is filtered, in its order', async () => {
    const { text, fileName } = await exported({ format: 'json', failing: 'dns_spf' })
    expect((JSON.parse(text) as { domain: string }[]).map(({ domain }) => domain)).toEqual(['a2.example'])
    expect(fileName).toMatch(/^vigia-domains-\d{4}-\d\d-\d\d\.json$/)
    const all = JSON.parse((await exported({ format: 'json', sort: 'name' })).text) as { domain: string }[]
    expect(all.map(({ domain }) => domain)).toEqual(['a1.example', 'a2.example', 'b1.example'])
    expect((await exported({ format: 'json', q: 'nothing' })).text).toBe('[]\n')
  })

  it('takes the formulas out of CSV cells and nothing else', async () => {
    const lines = (await exported({ format: 'csv', sort: 'name' })).text.split('\r\n')
    expect(lines[0]).toMatch(/^tenant,tenant name,partner,plan,domain,status,score,of,since,last audit,carbonio,carbonio reason/)
    expect(lines[1]).toMatch(/^acme,'=cmd\|evil,lisbon,'@gold,a1\.example,failing,7,8,\d{4}-.*Z,.*Z,pass,/)
    expect(lines).toHaveLength(5)
  })

  it('has every domain once, however many pages it takes', async () => {
    const names = Array.from({ length: 1_203 }, (_, place) => `many${place}.example`)
    await addDomains(ctx, 't_beta', names)
    const domains = JSON.parse((await exported({ format: 'json' })).text) as { domain: string }[]
    expect(new Set(domains.map(({ domain }) => domain)).size).toBe(1_206)
    expect(domains).toHaveLength(1_206)
  })

  it('is written down before it leaves, without what was searched for', async () => {
    await exportOverview(ctx, ExportQuery.parse({ format: 'csv', q: 'somebody', status: 'failing' }))
    const [event] = await events('check.exported')
    const data = toldIn(event!.content)
    expect(data).toEqual({ format: 'csv', domains: 0, filter: '{"status":"failing"}', searched: true, sort: 'worst' })
  })

  it('holds only what the caller may see', async () => {
    const domains = JSON.parse((await exported({ format: 'json' }, beta())).text) as { domain: string }[]
    expect(domains.map(({ domain }) => domain)).toEqual(['b1.example'])
  })
})

describe('a bulk run', () => {
  it('makes the named domains due, or all of a filter, and counts those that still wait', async () => {
    ctx.setNow(TEST_NOW + 1_000)
    const run = await requestBulkRun(ctx, { filter: { failing: 'dns_mx' } })
    expect(run).toMatchObject({ total: 2, waiting: 2 })
    expect(await bulkRunWaiting(ctx, run.at)).toEqual({ waiting: 2 })
    expect((await claimDue(ctx, 10)).map(({ domain }) => domain).sort()).toEqual(['a1.example', 'a2.example'])
    ctx.setNow(TEST_NOW + 200_000)
    await look('a1.example', 'PPPPPPPP')
    expect(await bulkRunWaiting(ctx, run.at)).toEqual({ waiting: 1 })
    expect(await requestBulkRun(ctx, { ids: ['d_b1.example', 'd_unheard-of'] })).toMatchObject({ total: 1 })
    expect((await events('check.bulk_run_requested')).length).toBe(2)
  })

  it('reaches nothing that the caller does not see, and nothing is written then', async () => {
    await expect(requestBulkRun(beta(), { ids: ['d_a1.example'] })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await requestBulkRun(beta(), { filter: {} })).toMatchObject({ total: 1 })
    expect(await events('check.bulk_run_requested')).toHaveLength(1)
    expect(BulkRunInput.safeParse({}).success).toBe(false)
  })
})
