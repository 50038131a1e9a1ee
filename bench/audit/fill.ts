import { randomBytes } from 'node:crypto'
import type { Context } from '#server/platform/context'
import { mutate, Sequencer } from '#server/services/audit'
import { appendIngested } from '#server/services/ingest/append-ingested'
import { bulkOf } from '#server/services/ingest/bulk'
import { auditEvent, ingestedEvent, PARTNERS, partnerOf, TENANTS } from './events'

/** Events of all sources that come together, and how often that is under way at once. */
const [BATCH, WIDTH] = [500, 4]
const SOURCES = ['authentik', 'stalwart', 'ocis'] as const
const YEAR_MS = 365 * 24 * 3_600_000
const START = Date.UTC(2025, 10, 1)

/** The tenants and partners that the events speak of. */
export function insertTenants({ database: { raw } }: Context): void {
  const partner = raw.prepare('insert into partners (id, slug, name, created_at) values (?, ?, ?, 0)')
  for (let n = 0; n < PARTNERS; n++) partner.run(`p_${n}`, `partner-${n}`, `Partner ${n}`)
  const tenant = raw.prepare('insert into tenants (id, slug, name, partner_id, created_at) values (?, ?, ?, ?, 0)')
  for (let n = 0; n < TENANTS; n++) tenant.run(`t_${n}`, `tenant-${n}`, `Tenant ${n}`, partnerOf(n))
}

/** Appends `count` events over a year of a clock that runs with them, and waits until each has its place and its risk. */
export async function fillLog(world: Context, count: number): Promise<void> {
  let next = 0
  const timeOf = (n: number) => START + Math.floor((n * YEAR_MS) / count)
  const ctx = { ...world, now: () => timeOf(next) }
  const bulk = bulkOf(ctx)
  const sequencer = new Sequencer(ctx, bulk)
  const deliver = async () => {
    while (next < count) {
      const first = next
      next = Math.min(next + BATCH, count)
      await appendEvents(ctx, first, next, timeOf)
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, deliver))
  await settled(ctx)
  await sequencer.stop()
  await bulk.end()
}

/** The events of these numbers as they come: a delivery of each source, and what the portal itself has done in one transaction. */
export async function appendEvents(ctx: Context, from: number, to: number, timeOf = (_n: number) => ctx.now()): Promise<void> {
  const events = Array.from({ length: to - from }, (_, n) => auditEvent(from + n, timeOf(from + n)))
  const own = events.filter((event) => !event.origin)
  const delivered = SOURCES.map((id) => {
    const told = events.filter((event) => event.origin?.source === id).map(ingestedEvent)
    return appendIngested(ctx, { id, vocabulary: id }, { events: told })
  })
  await Promise.all([...delivered, mutate(ctx, 'domain.updated', () => Promise.resolve({ value: undefined, events: own }))])
}

/** Until nothing waits for its place or its risk. */
export async function settled({ database: { raw } }: Context): Promise<void> {
  const waiting = raw.prepare(`select exists (select 1 from audit_unsequenced)
    or coalesce((select max(seq) from audit_events), 0) > coalesce((select seq from audit_assessed), 0)`)
  while (waiting.pluck().get() === 1) await new Promise((done) => setTimeout(done, 5))
}

/** The key of a log that several processes open in turn. */
export const newKey = () => randomBytes(32).toString('hex')
