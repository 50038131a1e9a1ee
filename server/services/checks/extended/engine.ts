import type { ExtendedId } from '#shared/schemas/extended'
import type { CheckTarget, CheckWorld } from '../collectors/contract'
import { lookWithin } from '../engine'
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
  try {
    return await Promise.all(run.ids.map((id) => runOne(extendedCheck(id), { ...world, visit }, run)))
  } finally {
    await visit.close()
  }
}

async function runOne(check: ExtendedCheck, world: Omit<CheckWorld, 'signal'>, run: ExtendedRun): Promise<ExtendedOutcome> {
  const own: Omit<ExtendedWorld, 'signal'> = {
    ...world,
    blockLists: run.blockLists,
    shared: (key, look, keep, maxAgeSec = check.intervalSec) =>
      run.looks.take(run.again ? `again:${key}` : key, maxAgeSec * 1_000, look, keep),
  }
  const startedAt = world.now()
  const target = { ...run.target, memory: run.memoryOf(check.id) }
  const options = { budgetMs: BUDGET_MS, signal: run.signal, onFault: run.onFault }
  const verdict: ExtendedVerdict = await lookWithin(check, own, target, options)
  return { checkId: check.id, ...verdict, latencyMs: Math.max(0, Math.round(world.now() - startedAt)) }
}
