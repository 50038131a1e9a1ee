// One domain's whole cycle, again and again with nothing remembered; then its longest chain of exchanges, bare.
import { eq } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { tick } from '#server/services/checks'
import { bareDns, bareVisit } from '../lib/bare'
import { timed } from '../lib/stats'

export interface OneDomainResult {
  cycles: number[]
  chains: number[]
}

const { ROUNDS, WEBMAIL_PORT } = process.env
const rounds = Number(ROUNDS)
const config = readConfig(process.env)
const result: OneDomainResult = { cycles: [], chains: [] }

for (let round = -1; round < rounds; round++) {
  // A world of its own each time: no cached answer, no host that was looked at, no open connection.
  const ctx = createWorld(config)
  const domain = `bench-${String(round + 1).padStart(5, '0')}.example`
  await transaction(ctx, async ({ tx }) => {
    await tx.update(auditDomains).set({ nextDueAt: ctx.now() }).where(eq(auditDomains.domain, domain))
  })
  const took = await timed(() => tick(ctx))
  const [row] = await ctx.db.select().from(auditDomains).where(eq(auditDomains.domain, domain))
  await ctx.database.close()
  if (row?.status !== 'healthy')
    throw new Error(`${domain} is healthy in the world, the cycle said ${row?.status} (${row?.cells})`)
  // The first one also loads and compiles code.
  if (round >= 0) result.cycles.push(took)
}

const ask = bareDns(config.dnsServers[0]!)
for (let round = 0; round < rounds; round++) {
  const host = `mail.bench-${String(round).padStart(5, '0')}.example`
  const page = { protocol: 'https', address: '127.20.1.10', port: Number(WEBMAIL_PORT), host, paths: ['/'] } as const
  // The canary, the name of the host, then two requests of which the second needs the first's answer: a redirect, a session.
  result.chains.push(
    await timed(async () => {
      await ask('.', 'NS')
      await ask(host, 'A')
      await bareVisit(page)
      await bareVisit(page)
    }),
  )
}
process.send!(result)
process.disconnect()
