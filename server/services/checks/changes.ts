import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { CheckStatus } from '#shared/schemas/checks'
import type { Changes, ChangesQuery, NetChange } from '#shared/schemas/history'
import { messageOf, numberOf } from './history'
import { readNetChanges } from './read/net-changes'
import { DAY_MS } from './strip'

/** A longer span would hold up the process while it is read. */
const MOST_DAYS = 31

/**
 * What changed between two moments: for each check of a domain from what to what, latest first. What came back to where it was, and what
 * was looked at for the first time, is no change.
 * @throws ServiceError VALIDATION for a span that is empty, or longer than 31 days, and for a cursor that is none
 */
export async function changes(ctx: Context, query: ChangesQuery): Promise<Changes> {
  const place = query.cursor === undefined ? null : placeOf(query.cursor)
  const since = Date.parse(query.since)
  // Later pages end where the first one did, though time goes on.
  const until = place?.until ?? Math.min(query.until === undefined ? Infinity : Date.parse(query.until), ctx.now())
  refuseSpan(since, until)
  const rows = await readNetChanges(ctx, query, {
    ...{ since, until, checkId: query.check, before: place?.before ?? null, limit: query.limit + 1 },
  })
  const page = rows.slice(0, query.limit)
  return {
    ...{ since: new Date(since).toISOString(), until: new Date(until).toISOString() },
    changes: page.map(told),
    nextCursor: rows.length > query.limit ? `${until}.${page.at(-1)!.id}` : null,
  }
}

function told(row: Awaited<ReturnType<typeof readNetChanges>>[number]): NetChange {
  const { tenant, domain, domainId, checkId, steps } = row
  return {
    ...{ tenant, domain, domainId, checkId, steps },
    from: { status: row.fromStatus as CheckStatus, reason: row.fromReason },
    to: { status: row.status as CheckStatus, reason: row.reason },
    message: messageOf(row),
    at: new Date(row.at).toISOString(),
  }
}

function refuseSpan(since: number, until: number): void {
  const message =
    since >= until
      ? 'a moment before the end'
      : until - since > MOST_DAYS * DAY_MS
        ? `at most ${MOST_DAYS} days before the end`
        : null
  if (message)
    throw new ServiceError('VALIDATION', 'The input is not as it should be', { issues: [{ path: 'query.since', message }] })
}

/** @throws ServiceError VALIDATION */
function placeOf(cursor: string): { until: number; before: number } {
  const [until = '', before = ''] = cursor.split('.', 2)
  return { until: numberOf(until), before: numberOf(before) }
}
