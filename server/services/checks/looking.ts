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
export function tick(ctx: Context, looking: Looking = LOOKING): Promise<void> {
  return tickWith(ctx, looking)
}
