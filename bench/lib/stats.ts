import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The value that `share` (0 to 1) of all lie at or below, by the nearest rank: always a value that was measured. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Milliseconds that work takes, by the clock and on the processor, all threads of this process together. */
export interface Cost {
  ms: number
  cpuMs: number
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage()
  const ms = await timed(work)
  const { user, system } = process.cpuUsage(before)
  return { ms, cpuMs: (user + system) / 1_000 }
}

/** Runs `count` jobs, `width` at a time. */
export async function inParallel(count: number, width: number, job: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await job(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

/** Milliseconds that `work` takes, and the worst delay of the event loop meanwhile. */
export async function delayOf(work: () => Promise<unknown>): Promise<{ ms: number; worstMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const ms = await timed(work)
  delay.disable()
  return { ms, worstMs: delay.max / 1e6 }
}
