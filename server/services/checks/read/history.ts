import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { checkDays } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { transitionsOf, type TransitionRow } from './transitions'

export interface RecordedChange {
  after: TransitionRow
  /** The change before it, of the same check; null when there was none, or it is no longer kept. */
  before: Pick<TransitionRow, 'toStatus' | 'reason' | 'found'> | null
}

/** Changes of the eight checks of a domain, or of any one check, newest first; each with what stood before it. */
export async function readHistory(
  { db }: Context,
  { domainId, checkId, before, limit }: { domainId: string; checkId?: string; before: number | null; limit: number },
): Promise<RecordedChange[]> {
  const transitions = transitionsOf(checkId)
  const rows = await db
    .select()
    .from(transitions)
    .where(
      and(
        eq(transitions.domainId, domainId),
        checkId === undefined ? undefined : eq(transitions.checkId, checkId),
        before === null ? undefined : lt(transitions.id, before),
      ),
    )
    .orderBy(desc(transitions.id))
    .limit(limit)
  return Promise.all(
    rows.map(async (after) => {
      const [previous] = await db
        .select({ toStatus: transitions.toStatus, reason: transitions.reason, found: transitions.found })
        .from(transitions)
        .where(and(eq(transitions.domainId, domainId), eq(transitions.checkId, after.checkId), lt(transitions.id, after.id)))
        .orderBy(desc(transitions.id))
        .limit(1)
      return { after, before: previous ?? null }
    }),
  )
}

/** The day counters of a domain, or of one of its checks, from a day on (days since 1970), oldest first. */
export function readDays({ db }: Context, of: { domainId: string; checkId?: string; from: number }) {
  return db
    .select()
    .from(checkDays)
    .where(
      and(
        eq(checkDays.domainId, of.domainId),
        of.checkId === undefined ? undefined : eq(checkDays.checkId, of.checkId),
        gte(checkDays.day, of.from),
      ),
    )
    .orderBy(checkDays.day, sql`${checkDays.checkId}`)
}
