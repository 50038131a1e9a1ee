import { and, eq, inArray } from 'drizzle-orm'
import { extendedChecks } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { ExtendedId } from '#shared/schemas/extended'
import type { ExtendedVerdict } from './contract'

type Row = typeof extendedChecks.$inferSelect
export type ExtendedRow = Omit<Row, 'checkId' | keyof ExtendedVerdict> &
  Required<Omit<ExtendedVerdict, 'memory'>> & { checkId: ExtendedId; memory: Row['memory'] }

/** The stored verdicts of some extended checks of one domain. */
export async function readExtended(
  { db }: Context,
  { tenantId, domainId }: { tenantId: string; domainId: string },
  ids: readonly ExtendedId[],
): Promise<ExtendedRow[]> {
  const ofDomain = and(eq(extendedChecks.tenantId, tenantId), eq(extendedChecks.domainId, domainId))
  const rows = await db
    .select()
    .from(extendedChecks)
    .where(and(ofDomain, inArray(extendedChecks.checkId, [...ids])))
  // Only `storeExtended` writes this table, with verdicts of the engine.
  return rows as ExtendedRow[]
}
