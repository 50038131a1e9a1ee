import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import type { BulkRun, BulkRunInput } from '#shared/schemas/overview'
import { countWaiting, makeDue } from './store/bulk'

/**
 * Has the cycle look at many domains as soon as it can: those named, or all of a filter. The work is the cycle's own, so it is bounded,
 * survives a restart and needs nobody to wait for it.
 * @throws ServiceError CONFLICT when no domain is meant
 */
export function requestBulkRun(ctx: Context, input: BulkRunInput): Promise<BulkRun> {
  return mutate(ctx, 'check.bulk_run_requested', async (inside) => {
    // The moment is the mark of these domains until each has been looked at.
    const at = ctx.now()
    const total = await makeDue(inside, input, at)
    if (total === 0) throw new ServiceError('CONFLICT', 'No domain is meant')
    const { q, ...chosen } = input.filter ?? {}
    const data = { domains: total, selected: input.ids?.length, filter: JSON.stringify(chosen), searched: q !== undefined }
    const value = { at: new Date(at).toISOString(), total, waiting: total }
    return { value, events: [{ resource: { type: 'overview', id: 'domains' }, data }] }
  })
}

/** How many domains of a bulk run still wait for their look; those that somebody has planned anew since are not its any more. */
export async function bulkRunWaiting(ctx: Context, at: string): Promise<{ waiting: number }> {
  return { waiting: await countWaiting(ctx, Date.parse(at)) }
}
