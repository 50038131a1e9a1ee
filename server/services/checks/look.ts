import type { Context } from '#server/platform/context'
import type { CheckStatus } from '#shared/schemas/checks'
import type { CheckTarget } from './collectors/contract'
import { nearerToKnown, turns } from './confirm'
import type { CheckOutcome, RunOptions } from './engine'
import type { RunWorld } from './run-world'

/** What looking needs besides the context; tests hand in their own. Without `extended` the checks beyond the eight are not made. */
export interface Looking {
  run(world: RunWorld, target: CheckTarget, options: RunOptions): Promise<CheckOutcome[]>
  targets(ctx: Context, domainIds: string[]): Promise<Map<string, CheckTarget>>
  extended?: ExtendedLooking
}

/** One check as it is stored: `retried` when a second look did not confirm what the first one saw. */
export interface LookOutcome extends CheckOutcome {
  retried?: boolean
}

/** The verdict that is known of each check, through any number of unknowns; checks without one are left out. */
export type KnownVerdicts = ReadonlyMap<string, CheckStatus>

/** The extended checks within a tick, and those of domains that a person asked for. */
export interface ExtendedLooking {
  round(ctx: Context, targets: Looking['targets']): Round
  runFor(ctx: Context, targets: Looking['targets'], world: RunWorld, domainIds: readonly string[]): Promise<void>
}

/** Looks under way, and the way to begin more while nothing more urgent waits. */
export interface Round {
  readonly underWay: ReadonlySet<Promise<void>>
  begin(world: RunWorld): Promise<void>
}

interface Look {
  looking: Looking
  world: RunWorld
  target: CheckTarget
  known: KnownVerdicts
  signal: AbortSignal
  /** Waits between the two looks; whoever looks leaves its place to others meanwhile. */
  pause(ms: number): Promise<void>
  onResult?: RunOptions['onResult']
  onFault?: RunOptions['onFault']
}

/** The second look comes so much later: a zone that is just being loaded, or a restart, is over by then. */
const PAUSE_MS = { least: 2_000, most: 5_000 }
/** All looks at one domain together. */
const DOMAIN_BUDGET_MS = 30_000
const CHECK_BUDGET_MS = 10_000

/**
 * The eight verdicts about one domain. A verdict turns only when a second look, without any cache and seconds later, says so too;
 * only the checks that would turn are looked at again. What nobody knew before needs no confirmation.
 */
export async function lookAt(look: Look): Promise<LookOutcome[]> {
  const { looking, world, target, known, signal, onResult, onFault } = look
  const startedAt = world.now()
  const isSuspect = ({ checkId, status }: CheckOutcome) => turns(known.get(checkId), status)
  // What may not stand is not told before it does.
  const tell = (outcome: CheckOutcome) => void (isSuspect(outcome) || onResult?.(outcome))
  const first = await looking.run(world, target, { signal, onResult: tell, onFault })
  const only = first.filter(isSuspect).map(({ checkId }) => checkId)
  if (only.length === 0 || signal.aborted) return first
  await look.pause(PAUSE_MS.least + world.random() * (PAUSE_MS.most - PAUSE_MS.least))
  if (signal.aborted) return first
  const left = DOMAIN_BUDGET_MS - (world.now() - startedAt)
  const budgetMs = Math.max(1, Math.min(CHECK_BUDGET_MS, left))
  const second = await looking.run(uncached(world), target, { signal, onFault, only, budgetMs })
  const decided = second.map((outcome) => decide(first, outcome, known))
  for (const outcome of decided) onResult?.(outcome)
  return first.map((outcome) => decided.find(({ checkId }) => checkId === outcome.checkId) ?? outcome)
}

/** No cache of DNS, and nothing that the cycle shares from its first looks; second looks share among themselves. */
function uncached(world: RunWorld): RunWorld {
  return { ...world, dns: world.dns.fresh(), shared: (key, look) => world.shared(`again:${key}`, look) }
}

function decide(first: CheckOutcome[], second: CheckOutcome, known: KnownVerdicts): LookOutcome {
  const before = first.find(({ checkId }) => checkId === second.checkId)!
  const stands = nearerToKnown(known.get(second.checkId)!, before, second)
  return stands.status === before.status ? stands : { ...stands, retried: true }
}
