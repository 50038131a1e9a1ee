// A year of a thousand domains on a clock of its own. Says how much the database grew, and by what.
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { ulid } from '#server/platform/ids'
import { createWorld } from '#server/platform/wire'
import type { CheckOutcome } from '#server/services/checks'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import { addDomains, addTenant, outcomesOf } from '../../tests/helpers/checks'
import { yearOf } from '../lib/year-plan'

export interface YearResult {
  looks: number
  transitions: number
  events: number
  counters: number
  /** Bytes at the end that were not there after the first day; of them tables and indexes by name. */
  grown: number
  byTable: Record<string, number>
}

const DOMAINS = Number(process.env.DOMAINS)
const START = Date.UTC(2026, 0, 1)
const HOUR_MS = 3_600_000

const config = readConfig(process.env)
migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
let now = START
const world = createWorld(config)
const ctx: Context = { ...world, now: () => now, newId: (prefix) => (prefix ? `${prefix}_${ulid(now)}` : ulid(now)) }
// Its size is measured, not whether it outlives a loss of power.
ctx.database.raw.pragma('synchronous = OFF')

const names = Array.from({ length: DOMAINS }, (_, n) => `customer-${n}.example`)
const ids = await addDomains(ctx, await addTenant(ctx, 'bench'), names)

async function look(domain: number, cells: string, version: number): Promise<void> {
  const claim = await claimDomain(ctx, ids[domain]!)
  const outcomes = outcomesOf(cells).map((outcome) => ({
    ...outcome,
    evidence: evidenceOf(outcome, domain, version),
  }))
  await storeVerdicts(ctx, claim!, outcomes)
}

/** As much as a real look leaves of one check: a record, who answered, and the stable part. */
function evidenceOf({ checkId, status }: CheckOutcome, domain: number, version: number) {
  const edition = checkId === 'dns_spf' ? version : 0
  const record = `v=spf1 include:_spf.lisboa.atlantico-mail.example ip4:192.0.2.${edition} -all`
  const lookup = { name: names[domain]!, type: 'TXT', outcome: 'answer', values: [record], cnames: [], ttl: 300 }
  const servers = [{ server: '127.20.0.53:53', outcome: 'answer' }]
  return {
    lookups: [{ ...lookup, servers, notes: [] }],
    connections: [],
    found: { names: [names[domain]], records: [record], status },
  }
}

const bytes = () => {
  ctx.database.raw.pragma('wal_checkpoint(TRUNCATE)')
  return Object.fromEntries(
    ctx.database.raw
      .prepare(
        `select m.tbl_name as name, sum(s.pgsize) as bytes from dbstat s join sqlite_master m on m.name = s.name group by m.tbl_name`,
      )
      .all()
      .map((row) => Object.values(row as object) as [string, number]),
  )
}
const count = (table: string) => ctx.database.raw.prepare(`select count(*) from ${table}`).pluck().get() as number

const plan = yearOf(DOMAINS)
// The first looks, and as many more as fill the live stream, which keeps the last ten thousand.
for (let round = 0; round < 11; round++) {
  now += config.auditIntervalSec * 100
  for (let from = 0; from < DOMAINS; from += 100)
    await Promise.all(plan.standing.slice(from, from + 100).map((cells, n) => look(from + n, cells, 0)))
}
const before = bytes()
const rows = { transitions: count('check_transitions'), events: count('audit_events') }
let looks = 0
for (const hour of plan.hours) {
  now = START + 2 * 24 * HOUR_MS + hour.at * HOUR_MS
  await Promise.all(hour.looks.map(({ domain, cells, version }) => look(domain, cells, version)))
  looks += hour.looks.length
}
const after = bytes()
const byTable = Object.fromEntries(Object.entries(after).map(([name, size]) => [name, size - (before[name] ?? 0)]))
process.send!({
  looks,
  transitions: count('check_transitions') - rows.transitions,
  events: count('audit_events') - rows.events,
  counters: count('check_days'),
  grown: Object.values(byTable).reduce((sum, size) => sum + size, 0),
  byTable,
} satisfies YearResult)
await ctx.database.close()
process.disconnect()
