import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { ExtendedStatus } from '#shared/schemas/extended'
import type { Changes, ChangesQuery, NetChange } from '#shared/schemas/history'
import { messageOf, numberOf } from './history'
import { latestOf, type NetChangeRow, readNetChanges } from './read/net-changes'
import { TRANSITIONS, transitionsOf } from './read/transitions'
import { DAY_MS } from './strip'

/** A longer span would hold up the process while it is read. */
const MOST_DAYS = 31

/**
 * What changed between two moments: for each check of a domain, the eight and those beyond, from what to what, latest first. What came
 * back to where it was, and what was looked at for the first time, is no change.
 * @throws ServiceError VALIDATION for a span that is empty, or longer than 31 days, and for a cursor that is none
 */
export async function changes(ctx: Context, query: ChangesQuery): Promise<Changes> {
  const place = query.cursor === undefined ? null : placeOf(query.cursor)
  const since = Date.parse(query.since)
  // Later pages end where the first one did, though time goes on.
  const until = place?.until ?? Math.min(query.until === undefined ? Infinity : Date.parse(query.until), ctx.now())
  refuseSpan(since, until)
  const tables = query.check === undefined ? TRANSITIONS : [transitionsOf(query.check)]
  const span = { since, until, checkId: query.check, limit: query.limit + 1 }
  const lists = await Promise.all(
    tables.map((transitions, at) => readNetChanges(ctx, query, { ...span, transitions, before: place?.before[at] ?? null })),
  )
  const page = latestOf(lists, query.limit)
  const isMore = lists.some((rows, at) => rows.length > page.taken[at]!)
  const before = lists.map((rows, at) => rows[page.taken[at]! - 1]?.id ?? place?.before[at] ?? '')
  return {
    ...{ since: new Date(since).toISOString(), until: new Date(until).toISOString() },
    changes: page.rows.map(told),
    nextCursor: isMore ? [until, ...before].join('.') : null,
  }
}

function told(row: NetChangeRow): NetChange {
  const { tenant, domain, domainId, checkId, steps } = row
  return {
    ...{ tenant, domain, domainId, checkId, steps },
    from: { status: row.fromStatus as ExtendedStatus, reason: row.fromReason },
    to: { status: row.status as ExtendedStatus, reason: row.reason },
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

/**
 * A cursor is the end of the span and, for each table of changes, the last change that was shown (nothing when none was yet).
 * @throws ServiceError VALIDATION
 */
function placeOf(cursor: string): { until: number; before: (number | null)[] } {
  const [until = '', ...before] = cursor.split('.', 1 + TRANSITIONS.length)
  if (before.join('') === '') return { until: numberOf(''), before: [] }
  return { until: numberOf(until), before: before.map((id) => (id === '' ? null : numberOf(id))) }
}
