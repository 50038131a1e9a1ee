import { and, eq, inArray, type AnyColumn, type SQL } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { partners, tenants, webhookEvents } from '#drizzle/schema/sqlite'
import type { Scope } from '#server/platform/context'

export type TenantRow = typeof tenants.$inferSelect
export type PartnerRow = typeof partners.$inferSelect

/** The prefix of a tenant's id. A slug holds no underscore, so that no slug can be taken for an id. */
export const TENANT_ID_PREFIX = 't'

/** The rows whose tenant the caller may see. */
export function within(scope: Scope, tenantId: AnyColumn): SQL | undefined {
  return scope === 'all' ? undefined : inArray(tenantId, [...scope])
}

export async function findTenant(db: Db, scope: Scope, idOrSlug: string): Promise<TenantRow | undefined> {
  const key = idOrSlug.startsWith(`${TENANT_ID_PREFIX}_`) ? tenants.id : tenants.slug
  const [row] = await db
    .select()
    .from(tenants)
    .where(and(eq(key, idOrSlug), within(scope, tenants.id)))
  return row
}

/** Undefined when the slug is taken. */
export async function insertTenant(tx: Db, row: typeof tenants.$inferInsert): Promise<TenantRow | undefined> {
  const [made] = await tx.insert(tenants).values(row).onConflictDoNothing({ target: tenants.slug }).returning()
  return made
}

/** Undefined when the version is no longer the one given. */
export async function changeTenant(
  tx: Db,
  { id, version }: { id: string; version: number },
  changes: Partial<TenantRow>,
): Promise<TenantRow | undefined> {
  const [row] = await tx
    .update(tenants)
    .set({ ...changes, version: version + 1 })
    .where(and(eq(tenants.id, id), eq(tenants.version, version)))
    .returning()
  return row
}

/** A partner, when the caller sees one of its tenants. */
export async function findPartner(db: Db, scope: Scope, id: string): Promise<PartnerRow | undefined> {
  const own = db.select({ id: tenants.partnerId }).from(tenants).where(within(scope, tenants.id))
  const [row] = await db
    .select()
    .from(partners)
    .where(and(eq(partners.id, id), scope === 'all' ? undefined : inArray(partners.id, own)))
  return row
}

/** Undefined when the slug is taken. */
export async function insertPartner(tx: Db, row: typeof partners.$inferInsert): Promise<PartnerRow | undefined> {
  const [made] = await tx.insert(partners).values(row).onConflictDoNothing({ target: partners.slug }).returning()
  return made
}

/** False when this (source, external id) was received before. */
export async function rememberWebhook(tx: Db, row: typeof webhookEvents.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(webhookEvents)
    .values(row)
    .onConflictDoNothing({ target: [webhookEvents.source, webhookEvents.externalId] })
    .returning({ id: webhookEvents.id })
  return rows.length === 1
}
