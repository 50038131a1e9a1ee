import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, type Placeholder, type SQL } from 'drizzle-orm'
import { placeholders, prepared } from '#drizzle/prepared'
import { auditDomains } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { CLAIM_MS } from '../../store/claims'
import { LONGEST_INTERVAL_MS } from '../plan'

/** The right to make the extended checks of one domain, beside the claim for the eight. */
export interface ExtendedClaim {
  domainId: string
  tenantId: string
  domain: string
  version: number
  /** 0: everything is to be looked at anew. */
  dueAt: number
  token: string
}

const { extendedDueAt, extendedClaimToken, extendedClaimUntil } = auditDomains

/** The moments that the conditions below compare with. */
const momentsOf = (now: number) => ({ now, farClaim: now + 2 * CLAIM_MS, farDue: now + 2 * LONGEST_INTERVAL_MS })
type Moments<T = number> = Record<keyof ReturnType<typeof momentsOf>, T>

/** As for the eight: a claim that ends further ahead than any may is left from before the clock was set back. */
const isFree = ({ now, farClaim }: Moments<number | Placeholder>) =>
  or(isNull(extendedClaimToken), lte(extendedClaimUntil, now), gt(extendedClaimUntil, farClaim))

/** Due, or put out of reach by a clock that was set back since. Two questions: one with `or` would walk through all domains. */
const whenDue = ({ now, farDue }: Moments<number | Placeholder>) => [lte(extendedDueAt, now), gt(extendedDueAt, farDue)]

/** The eight come first: a domain that they never looked at waits. */
const isKnown = and(isNull(auditDomains.deletedAt), isNotNull(auditDomains.lastAuditAt))

/** Whether any domain waits: asked before writing, so that an idle tick takes no write lock. */
export async function anyExtendedDue({ database, now }: Context): Promise<boolean> {
  for (const oneDue of anyOfBoth) if ((await oneDue(database.read, momentsOf(now()))).length > 0) return true
  return false
}

const MOMENTS = placeholders('now', 'farClaim', 'farDue')

const anyOfBoth = whenDue(MOMENTS).map((isDue) =>
  prepared<Moments, { id: string }[]>((db) => {
    const wants = db.select({ id: auditDomains.id }).from(auditDomains)
    return wants.where(and(isKnown, isDue, isFree(MOMENTS))).limit(1)
  }),
)

/** Takes domains whose time has come, the longest due first. */
export function claimExtendedDue(ctx: Context, limit: number): Promise<ExtendedClaim[]> {
  return transaction(ctx, async (inside) => {
    const claims: ExtendedClaim[] = []
    for (const isDue of whenDue(momentsOf(ctx.now())))
      if (claims.length < limit) claims.push(...(await claimWhere(inside, and(isKnown, isDue), limit - claims.length)))
    return claims
  })
}

/** Takes one domain now, due or not; null while another look at it is under way, or when it is gone. */
export async function claimExtended(ctx: Context, domainId: string): Promise<ExtendedClaim | null> {
  const [claim] = await claimWhere(ctx, and(isKnown, eq(auditDomains.id, domainId)), 1)
  return claim ?? null
}

async function claimWhere(ctx: Context, wanted: SQL | undefined, limit: number): Promise<ExtendedClaim[]> {
  const now = ctx.now()
  const token = ctx.newId('claim')
  return transaction(ctx, async ({ tx }) => {
    const wants = tx
      .select({ id: auditDomains.id })
      .from(auditDomains)
      .where(and(wanted, isFree(momentsOf(now))))
      .orderBy(asc(extendedDueAt))
      .limit(limit)
    const rows = await tx
      .update(auditDomains)
      .set({ extendedClaimToken: token, extendedClaimUntil: now + CLAIM_MS })
      .where(inArray(auditDomains.id, wants))
      .returning()
    return rows.map(({ id, tenantId, domain, version, extendedDueAt: dueAt }) => ({
      ...{ domainId: id, tenantId, domain, version, dueAt, token },
    }))
  })
}

/** Gives domains back without a verdict: they stay due. */
export async function releaseExtended(ctx: Context, claims: readonly ExtendedClaim[]): Promise<void> {
  if (claims.length === 0) return
  await transaction(ctx, async ({ tx }) => {
    for (const { domainId, token } of claims)
      await tx
        .update(auditDomains)
        .set({ extendedClaimToken: null, extendedClaimUntil: null })
        .where(and(eq(auditDomains.id, domainId), eq(extendedClaimToken, token)))
  })
}
