import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { CheckId } from '#shared/schemas/checks'
import { ExtendedId, type ExtendedStatus } from '#shared/schemas/extended'
import type { History, HistoryChange, HistoryQuery } from '#shared/schemas/history'
import { domainOf } from './accept-deviation'
import { extendedReasonFor } from './extended/reasons'
import { type RecordedChange, readDays, readHistory } from './read/history'
import { reasonFor } from './reasons'
import { DAY_MS } from './strip'

const TREND_DAYS = 30

/**
 * When the eight checks of a domain changed, or any one check, from what to what, with both records; newest first. Without `domain` it is the tenant's worst one.
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain, VALIDATION for a cursor that is none
 */
export async function history(ctx: Context, input: HistoryQuery & { idOrSlug: string }): Promise<History> {
  const { domain } = await domainOf(ctx, input.idOrSlug, input.domain)
  const before = input.cursor === undefined ? null : numberOf(input.cursor)
  const of = { domainId: domain.id, checkId: input.check }
  const rows = await readHistory(ctx, { ...of, before, limit: input.limit + 1 })
  const page = rows.slice(0, input.limit)
  const from = Math.floor(ctx.now() / DAY_MS) - TREND_DAYS + 1
  const days = before === null ? await readDays(ctx, { ...of, from }) : []
  return {
    ...{ domain: domain.domain, domainId: domain.id },
    changes: page.map(told),
    days: days.map(({ day, checkId, warnSec, failSec, unknownSec, retries }) => ({
      ...{ day: new Date(day * DAY_MS).toISOString().slice(0, 10), checkId, warnSec, failSec, unknownSec, retries },
    })),
    nextCursor: rows.length > input.limit ? String(page.at(-1)!.after.id) : null,
  }
}

function told({ before, after }: RecordedChange): HistoryChange {
  return {
    ...{ at: new Date(after.at).toISOString(), checkId: after.checkId },
    before: before && { status: before.toStatus as ExtendedStatus, reason: before.reason, found: before.found },
    after: { status: after.toStatus as ExtendedStatus, reason: after.reason, found: after.found },
    message: messageOf(after),
  }
}

/** The sentence of a stored change. */
export function messageOf({ checkId, reason, params }: Pick<RecordedChange['after'], 'checkId' | 'reason' | 'params'>): string {
  // Only verdicts of the engine are stored; what this version does not know is told as such.
  const { success: isExtended, data: extendedId } = ExtendedId.safeParse(checkId)
  const told = isExtended ? extendedReasonFor(extendedId, reason) : reasonFor(checkId as CheckId, reason)
  return told.message(params as never)
}

/** @throws ServiceError VALIDATION */
export function numberOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new ServiceError('VALIDATION', 'The cursor does not belong to this list', {
    issues: [{ path: 'query.cursor', message: 'a cursor that this list gave' }],
  })
}
