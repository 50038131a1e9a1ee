import { ServiceError } from '#shared/errors'
import type { IngestId, IngestSource } from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { getSource } from './read-sources'
import { sourceOf } from './sources'
import { changeSource } from './store'
import { tickSource } from './tick'

/**
 * Looks at a source at once, and answers before the look is done.
 * @throws ServiceError CONFLICT when it is off, paused, not configured or sends by itself; FORBIDDEN for a narrowed caller
 */
export async function runSource(ctx: Context, id: IngestId): Promise<IngestSource> {
  requireWholeScope(ctx)
  const current = await getSource(ctx, id)
  if (!sourceOf(id).tick) throw new ServiceError('CONFLICT', 'This source sends by itself')
  if (current.state === 'off' || current.state === 'paused' || current.state === 'unconfigured')
    throw new ServiceError('CONFLICT', 'This source is off, paused or not configured', { details: { state: current.state } })
  const source = await mutate(ctx, 'ingest_source.run_requested', async (inside) => {
    await changeSource(inside.tx, id, { nextDueAt: ctx.now() })
    return { value: await getSource(inside, id), events: [{ resource: { type: 'ingest_source', id } }] }
  })
  void tickSource(ctx, id)
  return source
}
