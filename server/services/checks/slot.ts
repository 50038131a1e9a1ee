import { createHash } from 'node:crypto'

/**
 * When a domain is looked at next (ms): its own slot of each interval, so that thousands spread evenly and keep their place over
 * restarts. Always after `now` and at most one interval ahead: slots that were missed are skipped, not stacked.
 */
export function nextSlot(domainId: string, now: number, intervalMs: number): number {
  const jitter = createHash('sha256').update(domainId).digest().readUIntBE(0, 6) % intervalMs
  const slot = Math.floor(now / intervalMs) * intervalMs + jitter
  return slot > now ? slot : slot + intervalMs
}

/** The cycle that a moment belongs to; looks that domains share are made once in each. */
export function cycleNumber(now: number, intervalMs: number): number {
  return Math.floor(now / intervalMs)
}
