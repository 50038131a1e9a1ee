import type { Context } from '#server/platform/context'
import type { CheckStatus } from '#shared/schemas/checks'
import type { CheckTarget, CheckWorld } from './collectors/contract'
import type { CheckOutcome, RunOptions } from './engine'

/** What looking needs besides the context; tests hand in their own. */
export interface Looking {
  run(world: LookWorld, target: CheckTarget, options: RunOptions): Promise<CheckOutcome[]>
  targets(ctx: Context, domainIds: string[]): Promise<Map<string, CheckTarget>>
}

export type LookWorld = Omit<CheckWorld, 'signal'>

/** One domain: a look after this is cut off and what is missing is `unknown: budget`. */
export const DOMAIN_BUDGET_MS = 30_000

const ENDED_BADLY = ['refused', 'timeout', 'reset', 'unreachable']

interface Look {
  looking: Looking
  world: LookWorld
  target: CheckTarget
  /** The status that is stored for a check; null when there is none. */
  before(checkId: string): CheckStatus | null
  signal: AbortSignal
  onResult?: (outcome: CheckOutcome) => void
}

/**
 * The eight verdicts about one domain. A connection that fails now and did not fail before is tried once more: one lost packet is no
 * failure. (For DNS the client's second opinion has done the same already.)
 */
export async function lookAt({ looking, world, target, before, signal, onResult }: Look): Promise<CheckOutcome[]> {
  const startedAt = performance.now()
  const options = { budgetMs: DOMAIN_BUDGET_MS, signal }
  const first = await looking.run(world, target, { ...options, ...(onResult && { onResult }) })
  const suspects = first.filter(
    (outcome) => outcome.status === 'fail' && before(outcome.checkId) !== 'fail' && byConnection(outcome),
  )
  const leftMs = DOMAIN_BUDGET_MS - (performance.now() - startedAt)
  if (suspects.length === 0 || signal.aborted || leftMs < 1_000) return first
  const again: LookWorld = { ...world, shared: (key, look) => world.shared(`again:${key}`, look) }
  const only = suspects.map((outcome) => outcome.checkId)
  const second = await looking.run(again, target, { ...options, budgetMs: leftMs, only })
  return first.map((outcome) =>
    only.includes(outcome.checkId) ? (second.find(({ checkId }) => checkId === outcome.checkId) ?? outcome) : outcome,
  )
}

const byConnection = (outcome: CheckOutcome) =>
  outcome.evidence.connections.some((connection) => ENDED_BADLY.includes(connection.result))
