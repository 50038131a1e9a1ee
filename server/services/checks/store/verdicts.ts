import { and, eq, isNull, sql } from 'drizzle-orm'
import { auditChecks, auditDomains, checkTransitions } from '#drizzle/schema/sqlite'
import { type EventDetails, mutate } from '#server/services/audit'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { CheckOutcome } from '../engine'
import { type Merged, mergeOutcome, type StoredCheck } from '../merge'
import { publishSummary, type RunProgress } from './progress'
import { scoreOf } from '../score'
import { nextSlot } from '../slot'
import type { Claim } from './claims'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type DomainRow = typeof auditDomains.$inferSelect

/** `lost`: another one holds the domain, or it is gone. `edited`: it is another domain than the one that was looked at; due again. */
export type Stored = 'stored' | 'lost' | 'edited'

/**
 * Stores the eight verdicts of one look in one transaction: verdicts, history, summary, audit events, live event. Only while the
 * claim is still ours: nothing is written by a process that lost it, nor about a domain that was edited meanwhile.
 * @param run the person's run that this look belongs to; its progress moves in the same transaction
 */
export async function storeVerdicts(ctx: Context, claim: Claim, outcomes: CheckOutcome[], run?: RunProgress): Promise<Stored> {
  if (outcomes.length !== CHECK_IDS.length || new Set(outcomes.map(({ checkId }) => checkId)).size !== CHECK_IDS.length)
    throw new ServiceError('INTERNAL', 'A look must end with all eight verdicts')
  return mutate<Stored>(ctx, 'check.changed', async (inside) => {
    const domain = await claimedDomain(inside, claim)
    if (!domain) return { value: 'lost', events: [] }
    if (domain.version !== claim.version) {
      await handBack(inside, domain)
      return { value: 'edited', events: [] }
    }
    const merged = await writeChecks(inside, domain, outcomes)
    const partnerId = await writeSummary(inside, { domain, claim, merged, run })
    return { value: 'stored', events: changesOfStatus(domain, merged, partnerId) }
  })
}

async function claimedDomain({ tx }: Inside, claim: Claim): Promise<DomainRow | undefined> {
  const [domain] = await tx
    .select()
    .from(auditDomains)
    .where(and(eq(auditDomains.id, claim.domainId), eq(auditDomains.claimToken, claim.token), isNull(auditDomains.deletedAt)))
  return domain
}

async function handBack({ tx, now }: Inside, domain: DomainRow): Promise<void> {
  await tx
    .update(auditDomains)
    .set({ claimToken: null, claimUntil: null, nextDueAt: now() })
    .where(eq(auditDomains.id, domain.id))
}

async function writeChecks({ tx, now }: Inside, domain: DomainRow, outcomes: CheckOutcome[]): Promise<Merged[]> {
  const key = { tenantId: domain.tenantId, domainId: domain.id }
  const stored: StoredCheck[] = await tx
    .select()
    .from(auditChecks)
    .where(and(eq(auditChecks.tenantId, domain.tenantId), eq(auditChecks.domainId, domain.id)))
  const at = now()
  const merged = outcomes.map((outcome) =>
    mergeOutcome(
      stored.find((row) => row.checkId === outcome.checkId),
      outcome,
      at,
    ),
  )
  const set = Object.fromEntries(UPDATED.map((column) => [column, sql.raw(`excluded.${auditChecks[column].name}`)]))
  await tx
    .insert(auditChecks)
    .values(merged.map(({ row }) => ({ ...key, ...row })))
    .onConflictDoUpdate({ target: [auditChecks.tenantId, auditChecks.domainId, auditChecks.checkId], set })
  const transitions = merged.filter(({ transition }) => transition)
  if (transitions.length > 0)
    await tx.insert(checkTransitions).values(
      transitions.map(({ row, from }) => ({
        ...{ ...key, checkId: row.checkId, at, fromStatus: from, toStatus: row.status, reason: row.reason, params: row.params },
        found: (row.evidence.found ?? {}) as Record<string, unknown>,
      })),
    )
  return merged
}

const UPDATED = [
  ...(['status', 'reason', 'params', 'evidence', 'latencyMs', 'checkedAt', 'since'] as const),
  ...(['lastKnownStatus', 'lastKnownReason', 'lastKnownAt'] as const),
]

interface Summarised {
  domain: DomainRow
  claim: Claim
  merged: Merged[]
  run: RunProgress | undefined
}

/** The card's columns, and the live event with the card. Answers the partner of the domain's tenant. */
async function writeSummary(ctx: Inside, { domain, claim, merged, run }: Summarised): Promise<string | null> {
  const at = ctx.now()
  const summary = scoreOf(merged.map(({ row }) => ({ status: row.status, lastKnown: row.lastKnownStatus })))
  // Whoever asked meanwhile for another look (the mail host was edited) gets it.
  const nextDueAt =
    domain.nextDueAt === claim.nextDueAt ? nextSlot(domain.id, at, ctx.config.auditIntervalSec * 1000) : domain.nextDueAt
  const [written] = await ctx.tx
    .update(auditDomains)
    .set({
      ...summary,
      lastAuditAt: at,
      statusSince: domain.status === summary.status ? (domain.statusSince ?? at) : at,
      nextDueAt,
      claimToken: null,
      claimUntil: null,
    })
    .where(eq(auditDomains.id, domain.id))
    .returning()
  return publishSummary(ctx, written!, merged, run)
}

/**
 * One event for each known status that became another. A turn to unknown and back is told by the history alone, so that an outage of
 * the resolver does not flood the audit log; a first known verdict changes nothing: there was none before it.
 */
function changesOfStatus(domain: DomainRow, merged: Merged[], partnerId: string | null): EventDetails[] {
  return merged
    .filter(({ row, knownBefore }) => row.status !== 'unknown' && knownBefore !== null && knownBefore !== row.status)
    .map(({ row, knownBefore }) => ({
      resource: { type: 'domain', id: domain.id },
      tenantId: domain.tenantId,
      partnerId,
      data: { domain: domain.domain, checkId: row.checkId, from: knownBefore, to: row.status, reason: row.reason },
    }))
}
