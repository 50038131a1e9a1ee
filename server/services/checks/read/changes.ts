import { and, desc, gte, inArray, isNull, ne, or, eq } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { checkTransitions } from '#drizzle/schema/sqlite'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { Change } from '../strip'

export interface DomainChange extends Change {
  domainId: string
}

const isChangeOfStatus = or(isNull(checkTransitions.fromStatus), ne(checkTransitions.fromStatus, checkTransitions.toStatus))

/** Changes of status of some domains since a moment (ms). The checks are named so that the index serves the moment too. */
export function changesSince(db: Db, domainIds: readonly string[], since: number): Promise<DomainChange[]> {
  return db
    .select({
      domainId: checkTransitions.domainId,
      checkId: checkTransitions.checkId,
      at: checkTransitions.at,
      fromStatus: checkTransitions.fromStatus,
      toStatus: checkTransitions.toStatus,
    })
    .from(checkTransitions)
    .where(
      and(
        inArray(checkTransitions.domainId, [...domainIds]),
        inArray(checkTransitions.checkId, [...CHECK_IDS]),
        gte(checkTransitions.at, since),
        isChangeOfStatus,
      ),
    )
}

/** The latest changes of status of one domain, newest first. */
export function latestChanges(db: Db, domainId: string, limit: number) {
  return db
    .select()
    .from(checkTransitions)
    .where(and(eq(checkTransitions.domainId, domainId), isChangeOfStatus))
    .orderBy(desc(checkTransitions.at), desc(checkTransitions.id))
    .limit(limit)
}
