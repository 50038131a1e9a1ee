// One tick over all domains that are due, then as many exchanges bare. Says what each took.
import { count, eq } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { tick } from '#server/services/checks'
import { bareDns, bareHttps } from '../lib/bare'
import { inParallel, timed } from '../lib/stats'

export interface CycleResult {
  ms: number
  /** Largest resident size of this process so far, MB. */
  rssMb: number
  healthy: number
}

export interface CeilingOrder {
  dnsQuestions: number
  connections: number
  webmailPort: number
  domains: number
}

export interface CeilingResult {
  dnsMs: number
  httpsMs: number
}

/** What the cycle itself allows: domains side by side, and look-ups at the same time. */
const WIDTH = 64

const config = readConfig(process.env)
const ctx = createWorld(config)
const ms = await timed(() => tick(ctx))
const [row] = await ctx.db.select({ n: count() }).from(auditDomains).where(eq(auditDomains.status, 'healthy'))
await ctx.database.close()
const rssMb = process.resourceUsage().maxRSS / 1024
process.send!({ ms, rssMb, healthy: row!.n } satisfies CycleResult)

process.once('message', async (order: CeilingOrder) => {
  const ask = bareDns(config.dnsServers[0]!)
  const nameOf = (n: number) => `mail.bench-${String(n % order.domains).padStart(5, '0')}.example`
  const dnsMs = await timed(() => inParallel(order.dnsQuestions, WIDTH, (n) => ask(nameOf(n), 'A')))
  const page = (n: number) => bareHttps({ address: '127.20.1.10', port: order.webmailPort, host: nameOf(n), path: '/' })
  const httpsMs = await timed(() => inParallel(order.connections, WIDTH, page))
  process.send!({ dnsMs, httpsMs } satisfies CeilingResult)
  process.disconnect()
})
