import { and, asc, count, eq, lt } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { oidcRecords, operatorAccounts, sessions, users } from '#drizzle/schema/sqlite'

export type UserRow = typeof users.$inferSelect
export type AccountRow = typeof operatorAccounts.$inferSelect
type NewAccount = typeof operatorAccounts.$inferInsert

export async function userById(db: Db, id: string): Promise<UserRow | undefined> {
  const [row] = await db.select().from(users).where(eq(users.id, id))
  return row
}

export async function userByIdentity(db: Db, issuer: string, subject: string): Promise<UserRow | undefined> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.issuer, issuer), eq(users.subject, subject)))
  return row
}

export async function allUsers(db: Db): Promise<UserRow[]> {
  return await db.select().from(users).orderBy(asc(users.createdAt), asc(users.id))
}

export async function insertUser(tx: Db, row: typeof users.$inferInsert): Promise<UserRow> {
  const [made] = await tx.insert(users).values(row).returning()
  return made!
}

/** What the provider says of a person at each sign-in. Not a change that an operator made, so `version` stays. */
export async function refreshUser(tx: Db, id: string, seen: Pick<UserRow, 'email' | 'name' | 'lastSignInAt'>): Promise<UserRow> {
  const [row] = await tx.update(users).set(seen).where(eq(users.id, id)).returning()
  return row!
}

/** Undefined when `version` is no longer the row's. */
export async function updateUserActive(
  tx: Db,
  { id, version }: Pick<UserRow, 'id' | 'version'>,
  active: boolean,
): Promise<UserRow | undefined> {
  const [row] = await tx
    .update(users)
    .set({ active, version: version + 1 })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning()
  return row
}

export async function countActiveMasters(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(users)
    .where(and(eq(users.role, 'master'), eq(users.active, true)))
  return row!.count
}

export async function allAccounts(db: Db): Promise<AccountRow[]> {
  return await db.select().from(operatorAccounts).orderBy(asc(operatorAccounts.createdAt), asc(operatorAccounts.id))
}

export async function accountById(db: Db, id: string): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(operatorAccounts).where(eq(operatorAccounts.id, id))
  return row
}

export async function accountByUsername(db: Db, username: string): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(operatorAccounts).where(eq(operatorAccounts.username, username))
  return row
}

/** False when the name is taken. */
export async function insertAccount(tx: Db, row: NewAccount): Promise<boolean> {
  const rows = await tx.insert(operatorAccounts).values(row).onConflictDoNothing().returning()
  return rows.length === 1
}

export async function updatePassword(tx: Db, { id, version }: AccountRow, passwordHash: string): Promise<void> {
  await tx
    .update(operatorAccounts)
    .set({ passwordHash, version: version + 1 })
    .where(eq(operatorAccounts.id, id))
}

/** Everybody signs in again; what is not a session, grant or code of the embedded provider stays. */
export async function endAllSessions(tx: Db, keepModel: string): Promise<void> {
  const models = await tx.selectDistinct({ model: oidcRecords.model }).from(oidcRecords)
  for (const { model } of models) if (model !== keepModel) await tx.delete(oidcRecords).where(eq(oidcRecords.model, model))
  await tx.delete(sessions)
}

export async function sessionValue(db: Db, key: string, now: number): Promise<string | undefined> {
  const [row] = await db.select().from(sessions).where(eq(sessions.key, key))
  return row && row.expiresAt > now ? row.value : undefined
}

export async function putSession(tx: Db, row: typeof sessions.$inferInsert, now: number): Promise<void> {
  await tx.delete(sessions).where(lt(sessions.expiresAt, now))
  await tx.insert(sessions).values(row).onConflictDoUpdate({ target: sessions.key, set: row })
}

export async function deleteSession(tx: Db, key: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.key, key))
}
