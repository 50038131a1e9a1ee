// Reads a log of generated events: pages, filters, free text, totals, an export, and pages while events arrive. Says the figures.
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { auditHistogram, auditPage, auditStats, exportAudit } from '#server/services/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { appendEvents } from '../audit-events'
import { delayOf, quantile, timed } from '../lib/stats'

export interface AuditReadResult {
  /** Milliseconds of a page of 100 by what it was asked for: p50 and p99. */
  pages: { what: string; p50: number; p99: number }[]
  /** Megabytes a second. */
  exported: number
  /** While events arrive: their rate, pages of 100, and the worst delay of the event loop. */
  arriving: { perSecond: number; p50: number; p99: number; delayMs: number }
  /** Worst delay of the event loop while all of the above but the last was read. */
  delayMs: number
}

const COUNT = Number(process.env.COUNT)
const ROUNDS = 100
const RATE = 5_000

const config = readConfig(process.env)
migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
const ctx = createWorld(config)
await appendEvents(ctx, { count: COUNT })

const page = (filter: AuditFilter, before?: string) => auditPage(ctx, { ...filter, before, limit: 100 })
const middle = ctx.database.raw
  .prepare('select at, seq from audit_events order by at limit 1 offset ?')
  .get(Math.floor(COUNT / 10)) as {
  at: number
  seq: number
}
const rare = ctx.database.raw
  .prepare('select external_id from audit_events where external_id is not null limit 1')
  .pluck()
  .get() as string

const QUESTIONS: Record<string, () => Promise<unknown>> = {
  'first page': () => page({}),
  'at 90 % depth': () => page({}, `${middle.at}.${middle.seq}`),
  'one actor': () => page({ actorId: 'u_7' }),
  'actor by the beginning of an address': () => page({ actor: 'person12' }),
  'IP address': () => page({ ip: '198.51.100.7' }),
  outcome: () => page({ outcome: 'failure' }),
  'action and category': () => page({ action: 'domain.*', category: 'mail' }),
  'what nothing matches (one page)': () => page({ category: 'flags' }),
  'free text, common': () => page({ q: 'authentik' }),
  'free text, rare': () => page({ q: rare }),
  'free text, common words that meet rarely': () => page({ q: 'u_7 mail7.example' }),
}
let turn = 0
const COUNTS: Record<string, () => Promise<unknown>> = {
  // Another filter each time: what was kept is not asked again.
  'totals, all': () => auditStats(ctx, { until: new Date(Date.UTC(2030, 0, 1, turn++)).toISOString() }),
  'totals, one source': () => auditStats(ctx, { source: 'vigia', until: new Date(Date.UTC(2030, 0, 1, turn++)).toISOString() }),
  'histogram, all': () => auditHistogram(ctx, { until: new Date(Date.UTC(2030, 0, 1, turn++)).toISOString() }),
}

async function measure(what: string, ask: () => Promise<unknown>, rounds: number) {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timed(ask))
  return { what, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

async function exportAll(): Promise<number> {
  let bytes = 0
  for await (const piece of (await exportAudit(ctx, { format: 'jsonl' })).pieces) bytes += Buffer.byteLength(piece)
  return bytes
}

async function whileArriving(): Promise<AuditReadResult['arriving']> {
  const times: number[] = []
  let arriving = true
  const arrived = RATE * 5
  const startedAt = performance.now()
  // Four deliveries of 50 under way, each 40 ms apart: 5,000 a second where the machine can.
  const pause = () => new Promise((done) => setTimeout(done, 40))
  const writes = timed(() => appendEvents(ctx, { count: arrived, first: COUNT, pause })).finally(() => (arriving = false))
  const { worstMs } = await delayOf(async () => {
    while (arriving) {
      times.push(await timed(() => page({})))
      await new Promise((done) => setTimeout(done, 20))
    }
  })
  await writes
  const perSecond = (arrived * 1_000) / (performance.now() - startedAt)
  return { perSecond, p50: quantile(times, 0.5), p99: quantile(times, 0.99), delayMs: worstMs }
}

const pages: AuditReadResult['pages'] = []
let exported = 0
const { worstMs } = await delayOf(async () => {
  for (const [what, ask] of Object.entries(QUESTIONS)) pages.push(await measure(what, ask, ROUNDS))
  for (const [what, ask] of Object.entries(COUNTS)) pages.push(await measure(what, ask, 5))
  let bytes = 0
  const ms = await timed(async () => (bytes = await exportAll()))
  exported = bytes / 1_000 / ms
})
const arriving = await whileArriving()
await ctx.database.close()
process.send!({ pages, exported, arriving, delayMs: worstMs } satisfies AuditReadResult)
process.disconnect()
