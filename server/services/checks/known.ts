import type { Context } from '#server/platform/context'
import { CHECK_IDS } from '#shared/schemas/checks'
import { statusIn } from './cells'
import type { KnownVerdicts } from './look'
import { readKnown } from './read/details'

/** The verdict that is known of each check of a domain: by its cells, and by the stored ones only where a cell is unknown. */
export async function knownVerdicts(
  ctx: Context,
  of: { tenantId: string; domainId: string; cells: string },
): Promise<KnownVerdicts> {
  if (of.cells.includes('?')) return readKnown(ctx, of)
  return new Map(
    CHECK_IDS.flatMap((id) => {
      const status = statusIn(of.cells, id)
      return status ? [[id, status] as const] : []
    }),
  )
}
