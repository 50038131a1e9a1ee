import type { Context } from '#server/platform/context'
import type { CheckId, CheckStatus } from '#shared/schemas/checks'
import type { CheckTarget } from './collectors/contract'
import type { CheckOutcome, RunOptions } from './engine'
import type { RunWorld } from './run-world'

/** What looking needs besides the context; tests hand in their own. Without `extended` the checks beyond the eight are not made. */
export interface Looking {
  run(world: RunWorld, target: CheckTarget, options: RunOptions): Promise<CheckOutcome[]>
  targets(ctx: Context, domainIds: string[]): Promise<Map<string, CheckTarget>>
  extended?: ExtendedLooking
}

const ENDED_BADLY: readonly string[] = ['refused', 'timeout', 'reset', 'unreachable']

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
  /** The status that is stored for a check; null when there is none. */
  before(checkId: CheckId): CheckStatus | null
  signal: AbortSignal
  onResult?: RunOptions['onResult']
  onFault?: RunOptions['onFault']
}

/**
 * The eight verdicts about one domain. A connection that fails now and did not fail before is tried once more: one lost packet is no
 * failure. (For DNS the client's second opinion has done the same already.)
 */
export async function lookAt({ looking, world, target, before, signal, onResult, onFault }: Look): Promise<CheckOutcome[]> {
  const first = await looking.run(world, target, { signal, onResult, onFault })
  const suspects = first.filter(({ status, checkId }) => status === 'fail' && before(checkId) !== 'fail')
  const only = suspects.filter(endedByConnection).map(({ checkId }) => checkId)
  if (only.length === 0 || signal.aborted) return first
  const again: RunWorld = { ...world, shared: (key, look) => world.shared(`again:${key}`, look) }
  const second = await looking.run(again, target, { signal, onFault, only })
  return first.map((outcome) => second.find(({ checkId }) => checkId === outcome.checkId) ?? outcome)
}

const endedByConnection = ({ evidence }: CheckOutcome) =>
  evidence.connections.some((connection) => ENDED_BADLY.includes(connection.result))
