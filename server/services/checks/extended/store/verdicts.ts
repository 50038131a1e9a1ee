import { and, eq, isNull, sql } from 'drizzle-orm'
import { auditDomains, extendedChecks, extendedTransitions, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { publish } from '#server/platform/live'
import { type EventDetails, mutate } from '#server/services/audit'
import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import type { LiveExtended } from '#shared/schemas/live'
import { type Merged, mergeOutcome } from '../../merge'
import type { Stored } from '../../store/verdicts'
import type { ExtendedOutcome } from '../engine'
import { nextDueOf, nextLook } from '../plan'
import type { ExtendedClaim } from './claims'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type DomainRow = typeof auditDomains.$inferSelect
type Row = typeof extendedChecks.$inferSelect
type ExtendedMerged = Merged<ExtendedStatus>

/**
 * Stores the extended verdicts of one look in one transaction: verdicts, history, audit events, live event. As `storeVerdicts`: only
 * while the claim is still ours, and nothing about a domain that was edited meanwhile.
 * @param enabled the checks that are on: the first of them to be due again decides when the domain is
 */
export async function storeExtended(
  ctx: Context,
  claim: ExtendedClaim,
  outcomes: readonly ExtendedOutcome[],
  enabled: readonly ExtendedId[],
): Promise<Stored> {
  return mutate<Stored>(ctx, 'check.changed', async (inside) => {
    const domain = await claimedDomain(inside, claim)
    if (!domain) return { value: 'lost', events: [] }
    if (domain.version !== claim.version) {
      await handBack(inside, domain.id, 0)
      return { value: 'edited', events: [] }
    }
    const before = await readStored(inside.tx, domain)
    const merged = await writeChecks(inside, domain, before, outcomes)
    const after = await readStored(inside.tx, domain)
    // Whoever asked meanwhile for another look (a setting was changed) gets it.
    const asked = domain.extendedDueAt !== claim.dueAt
    await handBack(inside, domain.id, asked ? domain.extendedDueAt : nextDueOf(enabled, after, ctx.now()))
    return { value: 'stored', events: await tell(inside, domain, merged) }
  })
}

async function claimedDomain({ tx }: Inside, claim: ExtendedClaim): Promise<DomainRow | undefined> {
  const { id, extendedClaimToken, deletedAt } = auditDomains
  const [domain] = await tx
    .select()
    .from(auditDomains)
    .where(and(eq(id, claim.domainId), eq(extendedClaimToken, claim.token), isNull(deletedAt)))
  return domain
}

async function handBack({ tx }: Inside, domainId: string, extendedDueAt: number): Promise<void> {
  await tx
    .update(auditDomains)
    .set({ extendedDueAt, extendedClaimToken: null, extendedClaimUntil: null })
    .where(eq(auditDomains.id, domainId))
}

function readStored(tx: Inside['tx'], { id, tenantId }: Pick<DomainRow, 'id' | 'tenantId'>): Promise<Row[]> {
  return tx
    .select()
    .from(extendedChecks)
    .where(and(eq(extendedChecks.tenantId, tenantId), eq(extendedChecks.domainId, id)))
}

async function writeChecks(
  { tx, now }: Inside,
  domain: DomainRow,
  stored: readonly Row[],
  outcomes: readonly ExtendedOutcome[],
): Promise<ExtendedMerged[]> {
  if (outcomes.length === 0) return []
  const [at, key] = [now(), { tenantId: domain.tenantId, domainId: domain.id }]
  const all = outcomes.map((outcome) => {
    const previous = stored.find((row) => row.checkId === outcome.checkId)
    const before = previous && { ...previous, evidenceText: JSON.stringify(previous.evidence) }
    const merged = mergeOutcome<ExtendedStatus>(before, outcome, at)
    const nextDueAt = nextLook(domain.id, outcome.checkId, outcome.status, at)
    return { merged, row: { ...key, ...merged.row, nextDueAt, memory: outcome.memory ?? previous?.memory ?? null } }
  })
  const set = Object.fromEntries(UPDATED.map((column) => [column, sql.raw(`excluded.${extendedChecks[column].name}`)]))
  await tx
    .insert(extendedChecks)
    .values(all.map(({ row }) => row))
    .onConflictDoUpdate({ target: [extendedChecks.tenantId, extendedChecks.domainId, extendedChecks.checkId], set })
  const changed = all.filter(({ merged }) => merged.transition)
  if (changed.length > 0)
    await tx.insert(extendedTransitions).values(
      changed.map(({ merged: { row, from } }) => ({
        ...{ ...key, checkId: row.checkId, at, fromStatus: from, toStatus: row.status, reason: row.reason, params: row.params },
        found: (row.evidence.found ?? {}) as Record<string, unknown>,
      })),
    )
  return all.map(({ merged }) => merged)
}

const UPDATED = [
  ...(['status', 'reason', 'params', 'evidence', 'latencyMs', 'checkedAt', 'since'] as const),
  ...(['lastKnownStatus', 'lastKnownReason', 'lastKnownAt', 'nextDueAt', 'memory'] as const),
]

/** Tells the live stream when anything changed; answers an audit event for each known status that became another, as for the eight. */
async function tell(ctx: Inside, domain: DomainRow, merged: ExtendedMerged[]): Promise<EventDetails[]> {
  if (!merged.some(({ transition }) => transition)) return []
  const [tenant] = await ctx.tx.select().from(tenants).where(eq(tenants.id, domain.tenantId))
  const told: LiveExtended = { tenant: tenant!.slug, domain: domain.domain }
  await publish(ctx, 'extended', domain.tenantId, told)
  return merged
    .filter(({ row, knownBefore }) => row.status !== 'unknown' && knownBefore !== null && knownBefore !== row.status)
    .map(({ row, knownBefore }) => ({
      resource: { type: 'domain', id: domain.id },
      ...{ tenantId: domain.tenantId, partnerId: tenant!.partnerId },
      data: { domain: domain.domain, checkId: row.checkId, from: knownBefore, to: row.status, reason: row.reason },
    }))
}
