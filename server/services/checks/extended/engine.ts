import type { ExtendedId } from '#shared/schemas/extended'
import type { CheckTarget, CheckWorld, Verdict } from '../collectors/contract'
import { lookWithin, startRun } from '../engine'
import type { RunWorld } from '../run-world'
import type { ExtendedCheck, ExtendedVerdict, ExtendedWorld, Memory } from './contract'
import { extendedCheck } from '.'
import type { SharedLooks } from './shared-looks'

/** One extended check, done. */
export interface ExtendedOutcome extends ExtendedVerdict {
  checkId: ExtendedId
  latencyMs: number
}

export interface ExtendedRun {
  ids: readonly ExtendedId[]
  target: CheckTarget
  looks: SharedLooks
  /** What a check remembers of the domain. */
  memoryOf(id: ExtendedId): Memory | null
  blockLists(): Promise<readonly string[]>
  /** A second look: shared looks are made again too. */
  again?: boolean
  signal?: AbortSignal
  /** A check threw: a fault of ours, for the log. */
  onFault?: (id: ExtendedId, error: unknown) => void
}

/** Some of these checks speak with several servers, one after the other. */
const BUDGET_MS = 20_000

/** Runs extended checks of one domain side by side; each answers, as those of `runChecks` do. */
export async function runExtended(world: RunWorld, run: ExtendedRun): Promise<ExtendedOutcome[]> {
  const visit = world.http.visit()
  const time = startRun({ budgetMs: BUDGET_MS, signal: run.signal })
  const own = { ...world, visit, signal: time.signal }
  try {
    return await Promise.all(run.ids.map((id) => runOne(time.stopped, extendedCheck(id), own, run)))
  } finally {
    time.end()
    await visit.close()
  }
}

async function runOne(
  stopped: Promise<Verdict>,
  check: ExtendedCheck,
  world: CheckWorld,
  run: ExtendedRun,
): Promise<ExtendedOutcome> {
  const own: ExtendedWorld = {
    ...world,
    blockLists: run.blockLists,
    shared: (key, look, keep, maxAgeSec = check.intervalSec) =>
      run.looks.take(run.again ? `again:${key}` : key, maxAgeSec * 1_000, look, keep),
  }
  const startedAt = world.now()
  const target = { ...run.target, memory: run.memoryOf(check.id) }
  const verdict: ExtendedVerdict = await lookWithin({ stopped, onFault: run.onFault }, check, own, target)
  return { checkId: check.id, ...verdict, latencyMs: Math.max(0, Math.round(world.now() - startedAt)) }
}
