import { and, eq, gt, lte, or, sql } from 'drizzle-orm'
import { transaction } from '#drizzle/transaction'
import { leases } from '#drizzle/schema/sqlite'
import type { Context } from './context'

/** The right to run a job, until `expiresAt` (ms). `fence` is greater than that of every earlier holder. */
export interface Lease {
  name: string
  owner: string
  fence: number
  expiresAt: number
}

/**
 * Takes a lease, or renews one that the owner still holds. Null while another holds it. One that ends further ahead than any lease
 * may is left from before the clock was set back: it counts as ended.
 */
export function acquireLease(ctx: Context, name: string, owner: string, ttlMs: number): Promise<Lease | null> {
  const now = ctx.now()
  const expiresAt = now + ttlMs
  const ended = or(lte(leases.expiresAt, now), gt(leases.expiresAt, now + 2 * ttlMs))
  return transaction(ctx, async ({ tx }) => {
    const [held] = await tx
      .insert(leases)
      .values({ name, owner, fence: 1, expiresAt })
      .onConflictDoUpdate({
        target: leases.name,
        set: {
          owner,
          expiresAt,
          fence: sql`case when ${leases.owner} = ${owner} and not ${ended} then ${leases.fence} else ${leases.fence} + 1 end`,
        },
        setWhere: or(eq(leases.owner, owner), ended),
      })
      .returning()
    return held ?? null
  })
}

/** Prolongs a lease; null when it was lost meanwhile, and then its holder must stop. */
export function renewLease(ctx: Context, lease: Lease, ttlMs: number): Promise<Lease | null> {
  return transaction(ctx, async ({ tx }) => {
    const [held] = await tx
      .update(leases)
      .set({ expiresAt: ctx.now() + ttlMs })
      .where(isHeldAs(lease))
      .returning()
    return held ?? null
  })
}

/** Gives a lease back, so that the next one need not wait for its end. The fence stays. */
export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  await transaction(ctx, async ({ tx }) => {
    await tx.update(leases).set({ expiresAt: 0 }).where(isHeldAs(lease))
  })
}

/** Owner and fence alone decide: nobody else took it since, so even a late renewal harms no one. */
const isHeldAs = (lease: Lease) => and(eq(leases.name, lease.name), eq(leases.owner, lease.owner), eq(leases.fence, lease.fence))
