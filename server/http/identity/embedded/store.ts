import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { oidcRecords } from '#drizzle/schema/sqlite'

export type OidcRecord = typeof oidcRecords.$inferSelect

const sameRecord = (model: string, id: string) => and(eq(oidcRecords.model, model), eq(oidcRecords.id, id))

/** Writes or replaces a record; what has expired goes at the same time. */
export async function putRecord(tx: Db, record: OidcRecord, now: number): Promise<void> {
  await tx.delete(oidcRecords).where(lt(oidcRecords.expiresAt, now))
  await tx
    .insert(oidcRecords)
    .values(record)
    .onConflictDoUpdate({ target: [oidcRecords.model, oidcRecords.id], set: record })
}

/** False, and nothing written, when there is one already. */
export async function addRecord(tx: Db, record: OidcRecord): Promise<boolean> {
  return (await tx.insert(oidcRecords).values(record).onConflictDoNothing().returning()).length === 1
}

export async function recordById(db: Db, model: string, id: string): Promise<OidcRecord | undefined> {
  const [row] = await db.select().from(oidcRecords).where(sameRecord(model, id))
  return row
}

export async function recordByUid(db: Db, model: string, uid: string): Promise<OidcRecord | undefined> {
  const [row] = await db
    .select()
    .from(oidcRecords)
    .where(and(eq(oidcRecords.model, model), eq(oidcRecords.uid, uid)))
  return row
}

export async function deleteRecord(tx: Db, model: string, id: string): Promise<void> {
  await tx.delete(oidcRecords).where(sameRecord(model, id))
}

/** Everything that a grant gave out, in every model. */
export async function deleteGrant(tx: Db, grantId: string): Promise<void> {
  await tx.delete(oidcRecords).where(eq(oidcRecords.grantId, grantId))
}
