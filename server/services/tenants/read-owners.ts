import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditDomains, tenants } from '#drizzle/schema/sqlite'

/** A tenant as an event names it. */
export interface Owner {
  id: string
  partnerId: string | null
}

const AT_ONCE = 500

/** The tenants of these slugs, and those that hold these domains; for events of other systems, so whatever the caller may see. */
export async function ownersOf(
  db: Db,
  slugs: readonly string[],
  domains: readonly string[],
): Promise<{ bySlug: Map<string, Owner>; byDomain: Map<string, Owner> }> {
  const owner = { id: tenants.id, partnerId: tenants.partnerId }
  const bySlug = await inParts(slugs, (part) =>
    db
      .select({ key: tenants.slug, ...owner })
      .from(tenants)
      .where(inArray(tenants.slug, part)),
  )
  const byDomain = await inParts(domains, (part) =>
    db
      .select({ key: auditDomains.domain, ...owner })
      .from(auditDomains)
      .innerJoin(tenants, eq(tenants.id, auditDomains.tenantId))
      .where(and(inArray(auditDomains.domain, part), isNull(auditDomains.deletedAt))),
  )
  return { bySlug, byDomain }
}

async function inParts(
  keys: readonly string[],
  read: (part: string[]) => Promise<(Owner & { key: string })[]>,
): Promise<Map<string, Owner>> {
  const found = new Map<string, Owner>()
  for (let from = 0; from < keys.length; from += AT_ONCE)
    for (const { key, ...owner } of await read(keys.slice(from, from + AT_ONCE))) found.set(key, owner)
  return found
}
