import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { AuditEvent, AuditEventDetail } from '#shared/schemas/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { readEvents } from './read-events'
import { narrow } from './read-narrowed'
import { readPositions, seqOfEvent } from './read-positions'

/** Of each relation. */
const FEW = 10
const NEAR_MS = 15 * 60_000
/** What one request did was written within moments; what befell one thing may lie far back. */
const REQUEST_MS = 60_000
const LONG_MS = 90 * 24 * 3_600_000

/**
 * One event with those of the same request, of the same resource up to then, and of the same actor within a quarter of an hour.
 * @throws ServiceError NOT_FOUND when the caller sees no such event
 */
export async function auditEvent(ctx: Context, id: string): Promise<AuditEventDetail> {
  const seq = await seqOfEvent(ctx.db, id, await narrow(ctx, {}))
  const [event] = seq === null ? [] : readEvents(ctx, [seq])
  if (!event) throw new ServiceError('NOT_FOUND', 'There is no such event')
  const { requestId } = event.metadata
  const asked: AuditFilter = { resourceType: event.resourceType, resourceId: event.resourceId }
  return {
    event,
    related: {
      request: typeof requestId === 'string' ? await around(ctx, event, { requestId }, [REQUEST_MS, REQUEST_MS]) : [],
      resource: await around(ctx, event, asked, [LONG_MS, NEAR_MS]),
      actor: await around(ctx, event, { actorId: event.actorId }, [NEAR_MS, NEAR_MS]),
    },
    proof: event.index === null ? null : `/api/v1/audit/${encodeURIComponent(id)}/proof`,
  }
}

async function around(ctx: Context, event: AuditEvent, filter: AuditFilter, [back, on]: [number, number]): Promise<AuditEvent[]> {
  const at = Date.parse(event.at)
  const iso = (ms: number) => new Date(ms).toISOString()
  const narrowed = await narrow(ctx, { ...filter, since: iso(at - back), until: iso(at + on) })
  const { positions } = await readPositions(ctx.db, narrowed, { before: null, limit: FEW + 1 })
  const seqs = positions.map(({ seq }) => seq).filter((seq) => seq !== event.seq)
  return readEvents(ctx, seqs.slice(0, FEW))
}
