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

/** The time that the checks of a run have. They begin together, so that one timer and one signal serve all of them. */
export interface RunTime {
  /** Ends when the time is over, when the run is stopped, and with the run. */
  signal: AbortSignal
  /** The verdict of each check that is not done by then. */
  stopped: Promise<Verdict>
  end(): void
}

/** Begins the time of a run; whoever begins it ends it. */
export function startRun({ budgetMs = DEFAULT_BUDGET_MS, signal }: Pick<RunOptions, 'budgetMs' | 'signal'>): RunTime {
  const abort = new AbortController()
  // Every look of a check listens: dozens are no leak.
  setMaxListeners(0, abort.signal)
  let stop = () => {}
  const stopped = new Promise<Verdict>((resolve) => {
    stop = () => {
      resolve(judge('unknown', 'budget', { seconds: budgetMs / 1_000 }))
      abort.abort(OVER)
    }
  })
  const timer = setTimeout(stop, budgetMs)
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    // Frees what is still under way.
    abort.abort(OVER)
  }
  return { signal: abort.signal, stopped, end }
}

/**
 * Runs the eight checks of one domain side by side. Always answers with all eight, in their fixed order: a stuck one is
 * `unknown: budget`, one that throws `unknown: internal-fault`, and neither touches the others.
 */
export async function runChecks(world: RunWorld, target: CheckTarget, options: RunOptions = {}): Promise<CheckOutcome[]> {
  const visit = world.http.visit()
  const time = startRun(options)
  const own = { ...world, visit, signal: time.signal }
  const limits = { stopped: time.stopped, onFault: options.onFault }
  const run = async (checkId: CheckId) => {
    const startedAt = world.now()
    const verdict = await lookWithin(limits, COLLECTORS[checkId] as Collector, own, target)
    const outcome = { checkId, ...verdict, latencyMs: Math.max(0, Math.round(world.now() - startedAt)) }
    options.onResult?.(outcome)
    return outcome
  }
  try {
    return await Promise.all((options.only ?? CHECK_IDS).map(run))
  } finally {
    time.end()
    await visit.close()
  }
}

/** What the eight and the extended checks have in common. */
interface Looker<W, T, V> {
  id: string
  needsMailHost: boolean
  collect(world: W, target: T): Promise<unknown>
  evaluate(observation: unknown, target: T, now: number): V
}

interface Limits extends Pick<RunTime, 'stopped'> {
  /** A check threw: a fault of ours, for the log. */
  onFault?: (checkId: never, error: unknown) => void
}

/** One check within the time of its run; never rejects. A stuck one is `unknown: budget`, one that throws `unknown: internal-fault`. */
export async function lookWithin<W extends { now(): number }, T extends CheckTarget, V>(
  { stopped, onFault }: Limits,
  check: Looker<W, T, V>,
  world: W,
  target: T,
): Promise<V | Verdict> {
  if (check.needsMailHost && (!target.mailHost || !target.webmailHost)) return judge('skipped', 'no-mail-host')
  try {
    // What a check makes of being stopped is no observation: `stopped` was settled first.
    return await Promise.race([stopped, look(check, world, target)])
  } catch (error) {
    onFault?.(check.id as never, error)
    return judge('unknown', 'internal-fault')
  }
}

async function look<W extends { now(): number }, T, V>(check: Looker<W, T, V>, world: W, target: T): Promise<V> {
  return check.evaluate(await check.collect(world, target), target, world.now())
}
