import type { Context } from '#server/platform/context'
import type { ExtendedResult } from '#shared/schemas/checks'
import type { Deviation } from '#shared/schemas/deviations'
import type { CheckTarget } from '../collectors/contract'
import { type ExtendedRow, readExtended } from './read'
import { extendedReasonFor } from './reasons'
import { renderExtended } from './render'
import { enabledChecks } from './settings'

/**
 * The extended verdicts of one domain, told in words; of checks that are on, in the fixed order.
 * @param deviations what is accepted for the domain
 * @param target undefined for a domain that was removed between two reads: nothing to mend any more
 */
export async function extendedResults(
  ctx: Context,
  ids: { tenantId: string; domainId: string },
  { target, deviations }: { target: CheckTarget | undefined; deviations: readonly Deviation[] },
): Promise<ExtendedResult[]> {
  const enabled = await enabledChecks(ctx)
  const rows = await readExtended(ctx, ids, enabled)
  return enabled
    .flatMap((id) => rows.filter((row) => row.checkId === id))
    .map((row) => ({
      ...told(row, target),
      deviation: deviations.find(({ checkId }) => checkId === row.checkId) ?? null,
    }))
}

function told(row: ExtendedRow, target: CheckTarget | undefined): Omit<ExtendedResult, 'deviation'> {
  const { checkId, status, reason, params, evidence, latencyMs, lastKnownStatus, lastKnownReason, lastKnownAt } = row
  const known = lastKnownStatus !== null && lastKnownReason !== null && lastKnownAt !== null
  return {
    ...{ checkId, status, reason, evidence, latencyMs },
    ...(target ? renderExtended(checkId, { status, reason, params, evidence }, target) : wordsAlone(row)),
    checkedAt: new Date(row.checkedAt).toISOString(),
    since: new Date(row.since).toISOString(),
    lastKnown: known
      ? { status: lastKnownStatus, reason: lastKnownReason, checkedAt: new Date(lastKnownAt).toISOString() }
      : null,
  }
}

function wordsAlone({ checkId, reason, params }: ExtendedRow): Pick<ExtendedResult, 'message' | 'rule' | 'fix'> {
  const { message, rule } = extendedReasonFor(checkId, reason)
  return { message: message(params), rule, fix: null }
}
