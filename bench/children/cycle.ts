// One tick over all domains of the database, made due at once; then the same exchanges bare. Says what each took.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { count, eq } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { tick } from '#server/services/checks'
import { bareDns, bareDomain } from '../lib/bare'
import type { LateMs } from '../lib/portal'
import { watchOwnDelay } from '../lib/own-delay'
import { type Cost, costOf, inParallel, quantile } from '../lib/stats'
import type { Traffic } from '../lib/world'

export interface CycleResult extends Cost {
  /** Largest resident size of this process so far, MB. */
  rssMb: number
  healthy: number
  /** How late timers came, milliseconds. */
  lateMs: LateMs
  /** The same without the time that other processes had the processor. */
  ownLateMs: LateMs
}

/** What the cycle exchanged over the names of `domains`, to be made bare. */
export interface CeilingOrder extends Traffic {
  domains: number
  ports: { http: number; https: number }
  loginPath: string
}

export interface CeilingResult {
  bareDns: Cost
  /** The same questions by our client, with nothing kept. */
  ourDns: Cost
  /** All exchanges of so many domains. */
  bareDomains: Cost & { domains: number }
}

/** As many look-ups as the DNS client allows at the same time, and as many domains as the cycle looks at side by side. */
const [WIDTH, DOMAIN_WIDTH] = [64, 16]
/** What a domain's exchanges cost bare is known after so many. */
const BARE_DOMAINS = 1_000
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

process.once('message', async ({ domains, dnsQuestions, tls, plain, ports, loginPath }: CeilingOrder) => {
  const nameOf = (n: number) => `mail.bench-${String(n % domains).padStart(5, '0')}.example`
  const resolver = config.dnsServers[0]!
  const ask = bareDns(resolver)
  const ours = ctx.dns.fresh()
  const exchange = bareDomain({ resolver, address: '127.20.1.10', ports, loginPath })
  const [bare, each] = [Math.min(BARE_DOMAINS, domains), (count: number) => Math.round(count / domains)]
  const ofOne = { dnsQuestions: each(dnsQuestions), tls: each(tls), plain: each(plain) }
  const bareCost = () => costOf(() => inParallel(bare, DOMAIN_WIDTH, (n) => exchange({ host: nameOf(n), ...ofOne })))
  process.send!({
    bareDns: await costOf(() => inParallel(dnsQuestions, WIDTH, (n) => ask(nameOf(n), 'A'))),
    ourDns: await costOf(() => inParallel(dnsQuestions, WIDTH, (n) => ours.query(nameOf(n), 'A'))),
    bareDomains: { ...(await bareCost()), domains: bare },
  } satisfies CeilingResult)
  process.disconnect()
})
