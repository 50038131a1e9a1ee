import { setMaxListeners } from 'node:events'
import { CHECK_IDS, type CheckId } from '#shared/schemas/checks'
import { COLLECTORS } from './collectors'
import type { CheckTarget, Collector, Verdict } from './collectors/contract'
import { judgeOver } from './evaluate/verdict'
import type { RunWorld } from './run-world'

/** One check, done. */
export interface CheckOutcome extends Verdict {
  checkId: CheckId
  latencyMs: number
}

export interface RunOptions {
  /** Called as each check ends, in the order of ending. */
  onResult?: (outcome: CheckOutcome) => void
  /** Milliseconds for each check. */
  budgetMs?: number
  /** Ends the run; checks that are not done become `unknown: budget`. */
  signal?: AbortSignal
  /** Only these checks; all eight when not given. */
  only?: readonly CheckId[]
  /** A check threw: a fault of ours, for the log. */
  onFault?: (checkId: CheckId, error: unknown) => void
}

const DEFAULT_BUDGET_MS = 10_000
/** Without a reason of its own each signal would make an error with a stack: eight a domain. */
const OVER = new Error('The check is over')
const NO_EVIDENCE = { lookups: [], connections: [], found: {} }
const judge = judgeOver<never>(NO_EVIDENCE)

/**
 * Runs the eight checks of one domain side by side. Always answers with all eight, in their fixed order: a stuck one is
 * `unknown: budget`, one that throws `unknown: internal-fault`, and neither touches the others.
 */
export async function runChecks(world: RunWorld, target: CheckTarget, options: RunOptions = {}): Promise<CheckOutcome[]> {
  const visit = world.http.visit()
  const run = async (checkId: CheckId) => {
    const startedAt = world.now()
    const verdict = await lookWithin(COLLECTORS[checkId] as Collector, { ...world, visit }, target, options)
    const outcome = { checkId, ...verdict, latencyMs: Math.max(0, Math.round(world.now() - startedAt)) }
    options.onResult?.(outcome)
    return outcome
  }
  try {
    return await Promise.all((options.only ?? CHECK_IDS).map(run))
  } finally {
    await visit.close()
  }
}

/** What the eight and the extended checks have in common. */
interface Looker<W, T, V> {
  id: string
  needsMailHost: boolean
  collect(world: W & { signal: AbortSignal }, target: T): Promise<unknown>
  evaluate(observation: unknown, target: T, now: number): V
}

/** One check within its budget; never rejects. A stuck one is `unknown: budget`, one that throws `unknown: internal-fault`. */
export async function lookWithin<W extends { now(): number }, T extends CheckTarget, V>(
  check: Looker<W, T, V>,
  world: W,
  target: T,
  options: { budgetMs?: number; signal?: AbortSignal; onFault?: (checkId: never, error: unknown) => void },
): Promise<V | Verdict> {
  if (check.needsMailHost && (!target.mailHost || !target.webmailHost)) return judge('skipped', 'no-mail-host')
  const budgetMs = options.budgetMs ?? DEFAULT_BUDGET_MS
  const outOfTime = () => judge('unknown', 'budget', { seconds: budgetMs / 1_000 })
  const abort = new AbortController()
  // Every look of a check listens: dozens are no leak.
  setMaxListeners(0, abort.signal)
  let stop = () => {}
  const stopped = new Promise<Verdict>((resolve) => {
    stop = () => {
      resolve(outOfTime())
      abort.abort(OVER)
    }
  })
  const timer = setTimeout(stop, budgetMs)
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted) stop()
  try {
    // What a check makes of being stopped is no observation: `stopped` was settled first.
    return await Promise.race([stopped, look(check, { ...world, signal: abort.signal }, target)])
  } catch (error) {
    options.onFault?.(check.id as never, error)
    return judge('unknown', 'internal-fault')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
    // Frees what is still under way when the budget won.
    abort.abort(OVER)
  }
}

async function look<W extends { now(): number }, T, V>(
  check: Looker<W, T, V>,
  world: W & { signal: AbortSignal },
  target: T,
): Promise<V> {
  return check.evaluate(await check.collect(world, target), target, world.now())
}
