import { and, asc, eq, gt, inArray, isNull, lte, or, type SQL } from 'drizzle-orm'
import { transaction } from '#drizzle/transaction'
import { auditDomains } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** How long a domain may be held. A look ends after 30 s by itself, and one may wait that long for its turn. */
export const CLAIM_MS = 90_000

/** The right to look at one domain and to store what was seen. `version` and `nextDueAt` are those of the moment of claiming. */
export interface Claim {
  domainId: string
  tenantId: string
  domain: string
  cells: string
  version: number
  nextDueAt: number
  token: string
}

/** Nobody holds it; a claim that ends further ahead than any may is left from before the clock was set back. */
const isFree = (now: number) =>
  or(isNull(auditDomains.claimToken), lte(auditDomains.claimUntil, now), gt(auditDomains.claimUntil, now + 2 * CLAIM_MS))

/** Clocks of two machines may differ by this; what lies further ahead than it should was written before a clock was set back. */
const CLOCK_SLACK_MS = 60_000

/** The latest moment for which a domain can have been planned. */
const farthest = (ctx: Context) => ctx.now() + ctx.config.auditIntervalSec * 1000 + CLOCK_SLACK_MS

/**
 * Takes domains whose time has come, or comes within `aheadMs`, the longest due first; then those that a clock since set back has put out
 * of reach. Two questions, for one with `or` would walk through all domains wherever fewer than `limit` are due.
 */
export function claimDue(ctx: Context, limit: number, aheadMs = 0): Promise<Claim[]> {
  const { nextDueAt } = auditDomains
  return transaction(ctx, async (inside) => {
    const due = await claimWhere(inside, lte(nextDueAt, ctx.now() + aheadMs), limit)
    const left = limit - due.length
    return left > 0 ? [...due, ...(await claimWhere(inside, gt(nextDueAt, farthest(ctx)), left))] : due
  })
}

/** Takes one domain now, due or not; null while another look at it is under way, or when it is gone. */
export async function claimDomain(ctx: Context, domainId: string): Promise<Claim | null> {
  const [claim] = await claimWhere(ctx, eq(auditDomains.id, domainId), 1)
  return claim ?? null
}

async function claimWhere(ctx: Context, wanted: SQL | undefined, limit: number): Promise<Claim[]> {
  const now = ctx.now()
  const token = ctx.newId('claim')
  const free = and(isNull(auditDomains.deletedAt), isFree(now))
  return transaction(ctx, async ({ tx }) => {
    const wants = tx
      .select({ id: auditDomains.id })
      .from(auditDomains)
      .where(and(free, wanted))
      .orderBy(asc(auditDomains.nextDueAt))
      .limit(limit)
    const rows = await tx
      .update(auditDomains)
      .set({ claimToken: token, claimUntil: now + CLAIM_MS })
      .where(and(inArray(auditDomains.id, wants), free))
      .returning()
    return rows.map((row) => ({
      ...{ domainId: row.id, tenantId: row.tenantId, domain: row.domain, cells: row.cells },
      ...{ version: row.version, nextDueAt: row.nextDueAt, token },
    }))
  })
}

/** Whether any domain waits for a look: asked before writing, so that an idle tick takes no write lock. */
export async function anyDue(ctx: Context, aheadMs = 0): Promise<boolean> {
  const live = isNull(auditDomains.deletedAt)
  const one = (when: SQL) => ctx.database.read.select({ id: auditDomains.id }).from(auditDomains).where(and(when, live)).limit(1)
  const [due] = await one(lte(auditDomains.nextDueAt, ctx.now() + aheadMs))
  const [misplaced] = due ? [] : await one(gt(auditDomains.nextDueAt, farthest(ctx)))
  return due !== undefined || misplaced !== undefined
}

/** Gives domains back without a verdict: they stay due. */
export async function releaseClaims(ctx: Context, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return
  await transaction(ctx, async ({ tx }) => {
    for (const { domainId, token } of claims)
      await tx
        .update(auditDomains)
        .set({ claimToken: null, claimUntil: null })
        .where(and(eq(auditDomains.id, domainId), eq(auditDomains.claimToken, token)))
  })
}
