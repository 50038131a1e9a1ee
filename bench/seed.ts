import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { auditChecks, auditDomains, checkTransitions, tenants } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { readConfig } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { createWorld } from '#server/platform/wire'
import { scoreOf } from '#server/services/checks'
import { createMailHost, listMailHosts, SampleWorld } from '#server/services/tenants'
import { CHECK_IDS, type CheckId, type CheckStatus } from '#shared/schemas/checks'

const DAY_MS = 86_400_000
/** Domains a transaction: a body may take two seconds. */
const BATCH = 250

export interface SeedOptions {
  /** Milliseconds since 1970. */
  dueAt(index: number): number
  /** Gives each domain verdicts, as if it had been looked at for days; without, none was ever looked at. */
  verdicts?: boolean
}

/** Migrates the database of these settings and fills it; no extended check is due within a day. Mail hosts come by their verb; tenants and domains straight into their tables. */
export async function seed(env: Record<string, string>, sample: object, options: SeedOptions): Promise<void> {
  const { mailHosts, tenants: owners, domains } = SampleWorld.parse(sample)
  const config = readConfig(env)
  migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
  const ctx = createWorld(config)
  try {
    for (const mailHost of mailHosts) await createMailHost(ctx, mailHost)
    const hostIds = new Map((await listMailHosts(ctx)).map(({ name, id }) => [name, id]))
    const tenantIds = new Map(owners.map(({ body }) => [body.slug, ctx.newId('t')]))
    await transaction(ctx, async ({ tx, now }) => {
      const rows = owners.map(({ body }) => ({ id: tenantIds.get(body.slug)!, ...body, partnerId: null, createdAt: now() }))
      await tx.insert(tenants).values(rows)
    })
    const seeded = domains.map(({ tenant, mailHost, body }, index) => ({
      ...{ id: ctx.newId('d'), tenantId: tenantIds.get(tenant)!, domain: body.domain, dkim: body.dkim },
      ...{ mailHostId: mailHost === null ? null : hostIds.get(mailHost)!, source: 'manual' as const, createdAt: ctx.now() },
      nextDueAt: options.dueAt(index),
      extendedDueAt: ctx.now() + DAY_MS,
    }))
    for (let first = 0; first < seeded.length; first += BATCH)
      await insertBatch(ctx, seeded.slice(first, first + BATCH), options.verdicts ? first : null)
  } finally {
    await ctx.database.close()
  }
}

type SeededDomain = Pick<typeof auditDomains.$inferSelect, 'id' | 'tenantId' | 'domain' | 'nextDueAt'> &
  typeof auditDomains.$inferInsert

/** @param first place of the batch among all domains; null: no verdicts */
async function insertBatch(ctx: Context, batch: SeededDomain[], first: number | null): Promise<void> {
  if (first === null) return transaction(ctx, async ({ tx }) => void (await tx.insert(auditDomains).values(batch)))
  const now = ctx.now()
  const rows = batch.map((domain, place) => ({
    domain,
    verdicts: verdictsOf(first + place),
    changedAt: now - changeAge(first + place),
  }))
  const judged = rows.map(({ domain, verdicts, changedAt }) => ({
    ...domain,
    ...scoreOf(verdicts),
    ...{ lastAuditAt: now, statusSince: changedAt },
  }))
  const checks = rows.flatMap(({ domain, verdicts, changedAt }) =>
    verdicts.map((verdict) => ({
      ...{ tenantId: domain.tenantId, domainId: domain.id, ...verdict, params: {}, evidence: evidenceOf(domain.domain) },
      ...{ latencyMs: 60, checkedAt: now, since: changedAt },
    })),
  )
  const transitions = checks.map(({ tenantId, domainId, checkId, status, reason, since }) => ({
    ...{ tenantId, domainId, checkId, at: since, fromStatus: null, toStatus: status, reason, params: {}, found: {} },
  }))
  await transaction(ctx, async ({ tx }) => {
    await tx.insert(auditDomains).values(judged)
    await tx.insert(auditChecks).values(checks)
    await tx.insert(checkTransitions).values(transitions)
  })
}

interface SeededVerdict {
  checkId: CheckId
  status: CheckStatus
  reason: string
  lastKnown?: CheckStatus
}

/** Of a hundred domains 4 fail a check, 4 warn and 1 has an unknown one; the others are healthy. */
const STORIES: Record<number, Omit<SeededVerdict, 'lastKnown'>> = {
  3: { checkId: 'dns_spf', status: 'fail', reason: 'too-permissive' },
  17: { checkId: 'dns_dkim', status: 'fail', reason: 'missing' },
  42: { checkId: 'cert_le', status: 'fail', reason: 'expired' },
  71: { checkId: 'dns_dmarc', status: 'fail', reason: 'missing' },
  11: { checkId: 'dns_dmarc', status: 'warn', reason: 'monitor-only' },
  29: { checkId: 'dns_dmarc', status: 'warn', reason: 'monitor-only' },
  58: { checkId: 'cert_le', status: 'warn', reason: 'near-expiry' },
  83: { checkId: 'dns_spf', status: 'warn', reason: 'near-limit' },
  90: { checkId: 'webmail_http', status: 'unknown', reason: 'budget' },
}

function verdictsOf(index: number): SeededVerdict[] {
  const odd = STORIES[index % 100]
  return CHECK_IDS.map((checkId) => (odd?.checkId === checkId ? odd : { checkId, status: 'pass', reason: 'ok' }))
}

/** One domain in fifty changed within the last day. */
const changeAge = (index: number) => (index % 50 === 3 ? (index % 24) * 3_600_000 : 3 * DAY_MS)

/** As much as a real look leaves: two look-ups with their answers. */
function evidenceOf(domain: string): Record<string, unknown> {
  const lookup = (name: string, type: string) => ({
    ...{ name, type, outcome: 'answer', server: '127.20.0.53:53', ttl: 300, latencyMs: 20.5, tcp: false },
    records: [`mx1.lisboa.atlantico-mail.example`, `mx2.lisboa.atlantico-mail.example`],
  })
  return { lookups: [lookup(domain, 'MX'), lookup(`mail.${domain}`, 'A')], connections: [], found: { names: [domain] } }
}
