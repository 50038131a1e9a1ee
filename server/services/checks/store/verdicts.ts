import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { placeholders, prepared } from '#drizzle/prepared'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditChecks, auditDomains, checkTransitions } from '#drizzle/schema/sqlite'
import { type EventDetails, mutate } from '#server/services/audit'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { LookOutcome } from '../look'
import { type LookBefore, type MergedLook, mergeLook } from '../merge-look'
import { nextSlot } from '../slot'
import type { Claim } from './claims'
import { countDays } from './days'
import type { RunProgress } from './progress'
import { type LookColumns, writeSummary } from './summary'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type DomainRow = typeof auditDomains.$inferSelect

/** `lost`: another one holds the domain, or it is gone. `edited`: it is another domain than the one that was looked at; due again. */
export type Stored = 'stored' | 'lost' | 'edited'

/**
 * Stores the eight verdicts of one look in one transaction: verdicts, history, summary, audit events, live event. Only while the
 * claim is still ours: nothing is written by a process that lost it, nor about a domain that was edited meanwhile.
 * @param run the person's run that this look belongs to; its progress moves in the same transaction
 */
export async function storeVerdicts(ctx: Context, claim: Claim, outcomes: LookOutcome[], run?: RunProgress): Promise<Stored> {
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
    await countDays(inside, domain.id, merged)
    const checks = merged.map(({ row }) => row)
    const partnerId = await writeSummary(inside, { domain, checks, look: lookColumns(inside, domain, claim), run })
    return { value: 'stored', events: changesOfStatus(domain, merged, partnerId) }
  })
}

async function claimedDomain({ tx }: Inside, claim: Claim): Promise<DomainRow | undefined> {
  const [domain] = await selectClaimed(tx, { id: claim.domainId, token: claim.token })
  return domain
}

const selectClaimed = prepared<{ id: string; token: string }, DomainRow[]>((db) => {
  const { id, token } = placeholders('id', 'token')
  const isClaimed = and(eq(auditDomains.id, id), eq(auditDomains.claimToken, token), isNull(auditDomains.deletedAt))
  return db.select().from(auditDomains).where(isClaimed)
})

async function handBack({ tx, now }: Inside, domain: DomainRow): Promise<void> {
  await tx
    .update(auditDomains)
    .set({ claimToken: null, claimUntil: null, nextDueAt: now() })
    .where(eq(auditDomains.id, domain.id))
}

async function writeChecks({ tx, now }: Inside, domain: DomainRow, outcomes: LookOutcome[]): Promise<MergedLook[]> {
  const key = { tenantId: domain.tenantId, domainId: domain.id }
  const stored = await looksBefore(tx, key)
  const at = now()
  const merged = outcomes.map((outcome) =>
    mergeLook(
      stored.find((row) => row.checkId === outcome.checkId),
      outcome,
      at,
    ),
  )
  for (const { row } of merged) await upsertCheck(tx, { ...key, ...row })
  const transitions = merged.filter(({ transition }) => transition)
  if (transitions.length > 0)
    await tx.insert(checkTransitions).values(
      transitions.map(({ row, previous }) => ({
        ...{ ...key, checkId: row.checkId, at, fromStatus: previous?.status ?? null, toStatus: row.status },
        ...{ reason: row.reason, params: row.params },
        found: (row.evidence.found ?? {}) as Record<string, unknown>,
      })),
    )
  return merged
}

/** The stored verdicts of the eight of one domain, their evidence unread. */
const looksBefore = prepared<{ tenantId: string; domainId: string }, LookBefore[]>((db) => {
  const { tenantId, domainId } = placeholders('tenantId', 'domainId')
  const { params, evidence, latencyMs, ...columns } = getTableColumns(auditChecks)
  return db
    .select({ ...columns, evidenceText: sql<string>`${evidence}` })
    .from(auditChecks)
    .where(and(eq(auditChecks.tenantId, tenantId), eq(auditChecks.domainId, domainId)))
})

const upsertCheck = preparedInsert(auditChecks, { upsertBy: ['tenantId', 'domainId', 'checkId'] })

/** The domain is free again and due in its next slot; whoever asked meanwhile for another look (the mail host was edited) gets it. */
function lookColumns({ now, config }: Inside, domain: DomainRow, claim: Claim): LookColumns {
  const at = now()
  const nextDueAt =
    domain.nextDueAt === claim.nextDueAt ? nextSlot(domain.id, at, config.auditIntervalSec * 1000) : domain.nextDueAt
  return { lastAuditAt: at, nextDueAt, claimToken: null, claimUntil: null }
}

/**
 * One event for each known status that became another. A turn to unknown and back is told by the history alone, so that an outage of
 * the resolver does not flood the audit log; a first known verdict changes nothing: there was none before it.
 */
function changesOfStatus(domain: DomainRow, merged: MergedLook[], partnerId: string | null): EventDetails[] {
  return merged
    .filter(({ row, knownBefore }) => row.status !== 'unknown' && knownBefore !== null && knownBefore !== row.status)
    .map(({ row, knownBefore }) => ({
      resource: { type: 'domain', id: domain.id },
      tenantId: domain.tenantId,
      partnerId,
      data: { domain: domain.domain, checkId: row.checkId, from: knownBefore, to: row.status, reason: row.reason },
    }))
}
