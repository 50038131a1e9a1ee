// One tick over all domains of the database, made due at once; then the same exchanges bare. Says what each took.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { count, eq } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { tick } from '#server/services/checks'
import { bareDns, bareHttps } from '../lib/bare'
import type { LateMs } from '../lib/portal'
import { watchOwnDelay } from '../lib/own-delay'
import { type Cost, costOf, inParallel, quantile } from '../lib/stats'

export interface CycleResult extends Cost {
  /** Largest resident size of this process so far, MB. */
  rssMb: number
  healthy: number
  /** How late timers came, milliseconds. */
  lateMs: LateMs
  /** The same without the time that other processes had the processor. */
  ownLateMs: LateMs
}

/** How many bare exchanges to make, over the names of `domains`. */
export interface CeilingOrder {
  dnsQuestions: number
  connections: number
  webmailPort: number
  domains: number
}

export interface CeilingResult {
  bareDns: Cost
  /** The same questions by our client, with nothing kept. */
  ourDns: Cost
  bareHttps: Cost
}

/** As many look-ups as the DNS client allows at the same time. */
const WIDTH = 64
const RESOLUTION_MS = 10

const config = readConfig(process.env)
const ctx = createWorld(config)
ctx.database.raw.prepare('UPDATE audit_domains SET next_due_at = ?').run(Date.now())
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
const ownDelays = watchOwnDelay()
const cost = await costOf(() => tick(ctx))
const own = ownDelays()
delay.disable()
const [row] = await ctx.db.select({ n: count() }).from(auditDomains).where(eq(auditDomains.status, 'healthy'))
await ctx.database.close()
// What it counts is the time between its own timers.
const late = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
process.send!({
  ...cost,
  rssMb: process.resourceUsage().maxRSS / 1024,
  healthy: row!.n,
  lateMs: { median: late(delay.percentile(50)), p99: late(delay.percentile(99)), worst: late(delay.max) },
  ownLateMs: { median: quantile(own, 0.5), p99: quantile(own, 0.99), worst: quantile(own, 1) },
} satisfies CycleResult)

process.once('message', async (order: CeilingOrder) => {
  const nameOf = (n: number) => `mail.bench-${String(n % order.domains).padStart(5, '0')}.example`
  const ask = bareDns(config.dnsServers[0]!)
  const ours = ctx.dns.fresh()
  const page = (n: number) => bareHttps({ address: '127.20.1.10', port: order.webmailPort, host: nameOf(n), path: '/' })
  process.send!({
    bareDns: await costOf(() => inParallel(order.dnsQuestions, WIDTH, (n) => ask(nameOf(n), 'A'))),
    ourDns: await costOf(() => inParallel(order.dnsQuestions, WIDTH, (n) => ours.query(nameOf(n), 'A'))),
    bareHttps: await costOf(() => inParallel(order.connections, WIDTH, page)),
  } satisfies CeilingResult)
  process.disconnect()
})
