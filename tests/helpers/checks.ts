import { auditDomains, mailHosts, tenants } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { CheckTarget } from '#server/services/checks/collectors/contract'
import type { CheckOutcome } from '#server/services/checks/engine'
import type { Looking } from '#server/services/checks/look'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import { CHECK_IDS, type CheckStatus } from '#shared/schemas/checks'
import { silentAnswer } from '#server/platform/dns/look-up'
import type { DnsClient, DnsOutcome } from '#server/platform/dns/types'

const LETTERS: Record<string, CheckStatus> = { P: 'pass', W: 'warn', F: 'fail', '?': 'unknown', '-': 'skipped' }

/** Eight verdicts from cells such as `PPPPPPPF`; the reason is the status, unless it is given. */
export function outcomesOf(cells: string, reason?: string): CheckOutcome[] {
  return CHECK_IDS.map((checkId, place) => {
    const status = LETTERS[cells[place]!]!
    const evidence = { lookups: [], connections: [], found: { seen: cells[place] } }
    return { checkId, status, reason: reason ?? status, params: {}, evidence, latencyMs: 3 }
  })
}

export const targetOf = (domain: string): CheckTarget => ({
  ...{ domain, mailHost: null, dkim: [], sends: true, receives: true, webmailHost: null },
})

/** Looking without a network: `see` says what stands in the cells of a domain. */
export function lookingAt(see: (domain: string) => string | Promise<string>, reason?: string): Looking {
  return {
    async run(_, target, options) {
      const all = outcomesOf(await see(target.domain), reason)
      const wanted = all.filter(({ checkId }) => !options.only || options.only.includes(checkId))
      for (const outcome of wanted) options.onResult?.(outcome)
      return wanted
    },
    async targets(ctx, ids) {
      const rows = await ctx.database.read.select().from(auditDomains)
      return new Map(rows.filter((row) => ids.includes(row.id)).map((row) => [row.id, targetOf(row.domain)]))
    },
  }
}

/** A DNS client whose every answer has this outcome; all that the cycle itself asks is its canary. */
export function canaryDns(outcome: () => DnsOutcome): DnsClient & { asked: number } {
  const client = {
    asked: 0,
    query: (name: string, type: Parameters<DnsClient['query']>[1]) => {
      client.asked++
      return Promise.resolve({ ...silentAnswer({ name, type }, 0, false), outcome: outcome(), ttl: 60 })
    },
    zone: () => Promise.resolve(NO_ZONE),
    fresh: () => client,
  }
  return client
}

export async function addTenant(ctx: Context, slug: string, more: Partial<typeof tenants.$inferInsert> = {}): Promise<string> {
  const id = `t_${slug}`
  await transaction(ctx, async ({ tx }) => {
    await tx.insert(tenants).values({ id, slug, name: `Tenant ${slug}`, createdAt: ctx.now(), ...more })
  })
  return id
}

/** Domains that are due now, in one transaction; answers their ids. */
export async function addDomains(
  ctx: Context,
  tenantId: string,
  names: string[],
  more: Partial<typeof auditDomains.$inferInsert> = {},
): Promise<string[]> {
  const now = ctx.now()
  const rows = names.map((domain) => ({
    ...{ id: `d_${domain}`, tenantId, domain, dkim: [], source: 'manual' as const, createdAt: now, nextDueAt: now, ...more },
  }))
  await transaction(ctx, async ({ tx }) => {
    for (let from = 0; from < rows.length; from += 500) await tx.insert(auditDomains).values(rows.slice(from, from + 500))
  })
  return rows.map((row) => row.id)
}

export async function addMailHost(ctx: Context, name: string): Promise<string> {
  const id = `h_${name}`
  const webmail = { hostPattern: 'mail.{domain}', port: 443, httpPort: 80, loginPath: '/', marker: 'x' }
  await transaction(ctx, async ({ tx }) => {
    await tx.insert(mailHosts).values({
      id,
      name,
      kind: 'carbonio',
      healthUrl: 'https://mail.example/',
      mx: [],
      sendingAddresses: [],
      frontends: [],
      webmail,
      createdAt: 0,
    })
  })
  return id
}
