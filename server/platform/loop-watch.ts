const STEP_MS = 250
const SPAN_MS = 10_000

/**
 * Watches how late the timers of this process come. The answer is a function: the longest delay of the last ten to twenty seconds, in
 * milliseconds, with the one that lasts just now. Keeps no process alive.
 */
export function watchLoop(now: () => number = () => performance.now()): () => number {
  let dueAt = now() + STEP_MS
  let span = { endsAt: now() + SPAN_MS, worst: 0, before: 0 }
  const look = () => {
    span.worst = Math.max(span.worst, now() - dueAt)
    if (now() >= span.endsAt) span = { endsAt: now() + SPAN_MS, worst: 0, before: span.worst }
  }
  setInterval(() => {
    look()
    dueAt = now() + STEP_MS
  }, STEP_MS).unref()
  return () => {
    look()
    return Math.max(span.worst, span.before)
  }
}
