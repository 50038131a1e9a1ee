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

/** How late timers came, milliseconds. */
export interface LoopDelay {
  median: number
  p99: number
  worst: number
}

const RESOLUTION_MS = 1

/** What work costs, how late the timers of this process came meanwhile, and its largest resident size so far, MB. */
export async function watched(work: () => Promise<unknown>): Promise<Cost & { delayMs: LoopDelay; rssMb: number }> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const cost = await costOf(work)
  delay.disable()
  // What it counts is the time between its own timers.
  const late = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
  const delayMs = { median: late(delay.percentile(50)), p99: late(delay.percentile(99)), worst: late(delay.max) }
  return { ...cost, delayMs, rssMb: process.resourceUsage().maxRSS / 1_024 }
}
