import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkDeviations } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { addDomains, addTenant } from '../helpers/checks'
import { CompiledProcess, compileFixture } from '../helpers/compiled-process'
import { testContext, type TestContext } from '../helpers/context'

const KILLS = 20
const INTERVAL = 600_000

describe('processes on one database', () => {
  let ctx: TestContext
  let logFile: string
  let program: Awaited<ReturnType<typeof compileFixture>>
  beforeAll(async () => void (program = await compileFixture('cycle-process')))
  afterAll(() => program.remove())
  const names = Array.from({ length: 250 }, (_, i) => `d${i}.example`)
  beforeEach(async () => {
    ctx = testContext()
    logFile = join(ctx.config.dataDir, 'looks.log')
    await addDomains(ctx, await addTenant(ctx, 'acme'), names)
  })
  afterEach(() => ctx.close())

  const looks = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n') : [])
  const child = (round: number) =>
    new CompiledProcess(program.file, ctx.config.dataDir, logFile, String(ctx.now() + round * INTERVAL), 'PFW'[round % 3]!)

  it('look at no domain twice', { timeout: 120_000 }, async () => {
    const both = [child(0), child(0)]
    await Promise.all(both.map((one) => one.begin()))
    expect(await Promise.all(both.map((one) => one.ended()))).toEqual([0, 0])
    const seen = looks().map((line) => line.split(' ')[1])
    expect(seen.sort()).toEqual([...names].sort())
  })

  it(
    'may be killed at any moment: no domain is lost, and every verdict comes from a whole look',
    { timeout: 300_000 },
    async () => {
      await accept(ctx, names.slice(0, 2 * KILLS))
      const moment = (n: number) => ((n * 7919) % 211) + 3
      let next = child(1)
      for (let round = 1; round <= KILLS; round++) {
        const running = next
        await running.begin()
        // The next one loads while this one works.
        if (round < KILLS) next = child(round + 1)
        await new Promise((done) => setTimeout(done, moment(round)))
        await running.kill()
        expectWhole(ctx.config.databaseFile, names.length)
      }
      const last = child(KILLS + 1)
      await last.begin()
      expect(await last.ended()).toBe(0)
      const { looked, atOnce } = expectWhole(ctx.config.databaseFile, names.length)
      expect(looked).toBe(names.length)
      expect(atOnce).toBe(1)
      expect(looks().length).toBeGreaterThan(names.length)
      expect(openDeviations(ctx.config.databaseFile)).toBe(0)
    },
  )
})

/** Something is accepted for some domains; two of them end in each round. */
async function accept(ctx: TestContext, names: string[]): Promise<void> {
  const rows = names.map((name, n) => ({
    ...{ id: `dev_${n}`, tenantId: 't_acme', domainId: `d_${name}`, checkId: 'dns_mx', status: 'fail' as const, code: 'fail' },
    ...{ reason: 'known', acceptedBy: 'u_anna', acceptedAt: ctx.now(), until: ctx.now() + ((n % KILLS) + 1) * INTERVAL },
  }))
  await transaction(ctx, async ({ tx }) => void (await tx.insert(checkDeviations).values(rows)))
}

function openDeviations(file: string): unknown {
  const database = new SQLite(file, { readonly: true })
  try {
    return database.prepare('select count(*) from check_deviations where ended_at is null').pluck().get()
  } finally {
    database.close()
  }
}

/** Opens the database as it was left, and walks through all that it holds. */
function expectWhole(file: string, domains: number): { looked: number; atOnce: number } {
  const database = new SQLite(file)
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.prepare('select count(*) from audit_domains where deleted_at is null').pluck().get()).toBe(domains)
    const halves = database
      .prepare(
        `select d.domain from audit_domains d left join audit_checks c on c.domain_id = d.id group by d.id
         having count(c.check_id) not in (0, 8) or count(distinct c.checked_at) > 1 or count(distinct c.status) > 1
             or coalesce(max(c.checked_at), 0) <> coalesce(d.last_audit_at, 0)`,
      )
      .all()
    expect(halves).toEqual([])
    const one = (sql: string) => database.prepare(sql).pluck().get()
    // What is accepted ends with its event, and with the score that held it up.
    const ended = one('select count(*) from check_deviations where ended_at is not null')
    expect(one("select count(*) from audit_events where action = 'deviation.expired'")).toBe(ended)
    const heldUp = `select count(*) from audit_domains d where cells glob '*[wf]*' and not exists
      (select 1 from check_deviations v where v.domain_id = d.id and v.ended_at is null)`
    expect(one(heldUp)).toBe(0)
    const looked = database.prepare('select count(*) from audit_domains where last_audit_at is not null').pluck().get() as number
    const atOnce = database.prepare('select count(distinct status) from audit_checks').pluck().get() as number
    return { looked, atOnce }
  } finally {
    database.close()
  }
}
