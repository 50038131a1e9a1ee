import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditDomains, mailHosts } from '#drizzle/schema/sqlite'
import type { Scope } from '#server/platform/context'
import { within } from './store'

export type MailHostRow = typeof mailHosts.$inferSelect

/** Live hosts that the caller may see: those that domains in sight use. */
function visible(db: Db, scope: Scope) {
  if (scope === 'all') return isNull(mailHosts.deletedAt)
  const used = db
    .select({ id: auditDomains.mailHostId })
    .from(auditDomains)
    .where(and(isNull(auditDomains.deletedAt), within(scope, auditDomains.tenantId)))
  return and(isNull(mailHosts.deletedAt), inArray(mailHosts.id, used))
}

export async function findMailHost(db: Db, scope: Scope, id: string): Promise<MailHostRow | undefined> {
  const [row] = await db
    .select()
    .from(mailHosts)
    .where(and(eq(mailHosts.id, id), visible(db, scope)))
  return row
}

/** Which of these ids are hosts that the caller may give to a domain. */
export async function knownMailHosts(db: Db, scope: Scope, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .select({ id: mailHosts.id })
    .from(mailHosts)
    .where(and(inArray(mailHosts.id, ids), visible(db, scope)))
  return new Set(rows.map((row) => row.id))
}

export async function nameTaken(db: Db, name: string, exceptId = ''): Promise<boolean> {
  const rows = await db
    .select({ id: mailHosts.id })
    .from(mailHosts)
    .where(and(eq(mailHosts.name, name), ne(mailHosts.id, exceptId), isNull(mailHosts.deletedAt)))
  return rows.length > 0
}

export async function insertMailHost(tx: Db, row: typeof mailHosts.$inferInsert): Promise<MailHostRow> {
  const [made] = await tx.insert(mailHosts).values(row).returning()
  return made!
}

/** Undefined when the version is no longer the one given. */
export async function changeMailHost(
  tx: Db,
  { id, version }: { id: string; version: number },
  changes: Partial<MailHostRow>,
): Promise<MailHostRow | undefined> {
  const [row] = await tx
    .update(mailHosts)
    .set({ ...changes, version: version + 1 })
    .where(and(eq(mailHosts.id, id), eq(mailHosts.version, version)))
    .returning()
  return row
}

/** How many live domains use a host, out of scope too. */
export async function usesOf(db: Db, id: string): Promise<number> {
  return db.$count(auditDomains, and(eq(auditDomains.mailHostId, id), isNull(auditDomains.deletedAt)))
}
