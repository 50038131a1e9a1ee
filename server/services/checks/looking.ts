import { checkTargets } from '#server/services/tenants'
import type { Context } from '#server/platform/context'
import { tickWith } from './cycle'
import { runChecks } from './engine'
import { ExtendedRound, runExtendedFor } from './extended/round'
import type { Looking } from './look'

/** Looking as it is done outside tests: the eight collectors, at what the tenants area expects of a domain. */
export const LOOKING: Looking = {
  run: runChecks,
  targets: checkTargets,
  extended: { round: (ctx, targets) => new ExtendedRound(ctx, targets), runFor: runExtendedFor },
}

/** A tick of the cycle; see `tickWith`. The collectors come in here, so that what runs them can be loaded without them. */
export function tick(ctx: Context, looking: Looking = LOOKING, aheadMs = 0): Promise<void> {
  return tickWith(ctx, looking, aheadMs)
}

/** Between two ticks of the schedule. */
const SCHEDULE_MS = 5_000

/** The schedule's tick: each domain that comes due before the next one is looked at in its own time, not all of them at the next. */
export function scheduledTick(ctx: Context): Promise<void> {
  return tick(ctx, LOOKING, SCHEDULE_MS)
}
