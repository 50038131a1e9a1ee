import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditDomains, tenants } from '#drizzle/schema/sqlite'
import type { Scope } from '#server/platform/context'
import { within } from './store'

export type DomainRow = typeof auditDomains.$inferSelect
export type NewDomainRow = typeof auditDomains.$inferInsert

export async function findDomain(
  db: Db,
  scope: Scope,
  { tenantId, domain }: { tenantId: string; domain: string },
): Promise<DomainRow | undefined> {
  const [row] = await db
    .select()
    .from(auditDomains)
    .where(
      and(
        eq(auditDomains.domain, domain),
        eq(auditDomains.tenantId, tenantId),
        isNull(auditDomains.deletedAt),
        within(scope, auditDomains.tenantId),
      ),
    )
  return row
}

/** The rows that could be written; a domain that is live already, under whatever tenant, is left out. */
export async function insertDomains(tx: Db, rows: NewDomainRow[]): Promise<DomainRow[]> {
  if (rows.length === 0) return []
  return tx.insert(auditDomains).values(rows).onConflictDoNothing().returning()
}

export interface DomainHolder {
  id: string
  slug: string
  name: string
}

/** Who holds each of these live domains, out of scope too: the caller must not tell more than that somebody does. */
export async function holdersOf(db: Db, domains: string[]): Promise<Map<string, DomainHolder>> {
  if (domains.length === 0) return new Map()
  const rows = await db
    .select({ domain: auditDomains.domain, id: tenants.id, slug: tenants.slug, name: tenants.name })
    .from(auditDomains)
    .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
    .where(and(inArray(auditDomains.domain, domains), isNull(auditDomains.deletedAt)))
  return new Map(rows.map(({ domain, ...holder }) => [domain, holder]))
}

/** Takes away the claims of looks that are under way, and makes every extended check due. */
const LOOK_ANEW = { claimToken: null, claimUntil: null, extendedDueAt: 0, extendedClaimToken: null, extendedClaimUntil: null }

/**
 * Changes a domain and makes it due at once. A look that is under way judged by what was expected before: its claim is taken away.
 * Undefined when the version is no longer the one given.
 */
export async function changeDomain(
  tx: Db,
  { id, version }: { id: string; version: number },
  changes: Partial<DomainRow> & { nextDueAt: number },
): Promise<DomainRow | undefined> {
  const [row] = await tx
    .update(auditDomains)
    .set({ ...changes, ...LOOK_ANEW, version: version + 1 })
    .where(and(eq(auditDomains.id, id), eq(auditDomains.version, version)))
    .returning()
  return row
}

/** The domains of a mail host become due, as in `changeDomain`. Their own version stays: nobody changed them. */
export async function makeDue(tx: Db, mailHostId: string, nextDueAt: number): Promise<void> {
  await tx
    .update(auditDomains)
    .set({ nextDueAt, ...LOOK_ANEW })
    .where(and(eq(auditDomains.mailHostId, mailHostId), isNull(auditDomains.deletedAt)))
}
