import { eq, isNull } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditDomains, settings } from '#drizzle/schema/sqlite'

const KEY = 'checks'

/** What operators chose for the extended checks, by id; those that nobody touched are not there. */
export interface StoredChoices {
  choices: Record<string, boolean>
  /** Null when nobody chose any. */
  blockLists: readonly string[] | null
  version: number
}

/** The choices as they stand; version 0 when nobody ever chose. */
export async function readChoices(db: Db): Promise<StoredChoices> {
  const [row] = await db.select().from(settings).where(eq(settings.key, KEY))
  // Only `writeChoices` writes this row.
  const { extended = {}, blockLists = null } = (row?.value ?? {}) as {
    extended?: StoredChoices['choices']
    blockLists?: string[] | null
  }
  return { choices: extended, blockLists, version: row?.version ?? 0 }
}

/** Writes the choices under the next version. */
export async function writeChoices(tx: Db, { choices, blockLists, version }: StoredChoices, updatedAt: number): Promise<void> {
  const row = { value: { extended: choices, blockLists }, version: version + 1, updatedAt }
  await tx
    .insert(settings)
    .values({ key: KEY, ...row })
    .onConflictDoUpdate({ target: settings.key, set: row })
}

/** Every domain is asked again which of its checks are due; verdicts that are fresh stay. */
export async function planAnew(tx: Db, now: number): Promise<void> {
  await tx.update(auditDomains).set({ extendedDueAt: now }).where(isNull(auditDomains.deletedAt))
}
