import { checkTargets } from '#server/services/tenants'
import { runChecks } from './engine'
import type { Looking } from './look'

/** Looking as it is done outside tests: the eight collectors, at what the tenants area expects of a domain. */
export const LOOKING: Looking = { run: runChecks, targets: checkTargets }
