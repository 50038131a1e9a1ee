import type { Context } from '#server/platform/context'
import type { AuditPage } from '#shared/schemas/audit'
import type { AuditQuery } from '#shared/schemas/audit-filter'
import { cursorOf, positionOf } from './position'
import { readEvents } from './read-events'
import { narrow } from './read-narrowed'
import { readPositions } from './read-positions'

/**
 * A page of the log, newest first, of what the caller may see. It looks at a bounded number of events, so that it may be short, or
 * empty, while `nextCursor` is set.
 * @throws ServiceError VALIDATION for a cursor that is none, or a tenant or partner that is not there
 */
export async function auditPage(ctx: Context, { before, limit, ...filter }: AuditQuery): Promise<AuditPage> {
  const from = before === undefined ? null : positionOf(before)
  const { positions, next } = await readPositions(ctx.db, await narrow(ctx, filter), { before: from, limit })
  return {
    events: readEvents(
      ctx,
      positions.map(({ seq }) => seq),
    ),
    nextCursor: next && cursorOf(next),
    searchedBackTo: next && new Date(next.at).toISOString(),
  }
}
