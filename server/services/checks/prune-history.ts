import type { Context } from '#server/platform/context'
import { readMonitor } from './read/cycle'
import { pruneStep, recordPruning } from './store/history'
import { DAY_MS } from './strip'

/** History is kept for thirteen months, so that a month can be compared with the same one a year before. */
export const KEPT_MS = 396 * DAY_MS

/** Once a day: removes history that is older than it is kept, in steps that hold up no other writer. */
export async function pruneHistory(ctx: Context, signal: AbortSignal): Promise<void> {
  const monitor = await readMonitor(ctx)
  const [now, prunedAt] = [ctx.now(), monitor?.prunedAt ?? 0]
  if (!monitor || (now >= prunedAt && now < prunedAt + DAY_MS)) return
  while (!signal.aborted) if ((await pruneStep(ctx, now - KEPT_MS)) === 0) return recordPruning(ctx)
}
