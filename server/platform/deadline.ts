/** A time limit that also ends when the caller gives up. `close()` it, or the timer and the listener outlive the work. */
export interface Deadline {
  signal: AbortSignal
  close(): void
}

/**
 * Starts a limit of `ms` milliseconds that `parent` may cut short. Written out because on Node 20 a signal made by
 * `AbortSignal.any([AbortSignal.timeout(…)])` can be collected before it fires.
 */
export function startDeadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  const end = () => controller.abort()
  const timer = setTimeout(end, ms)
  parent?.addEventListener('abort', end, { once: true })
  if (parent?.aborted) end()
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer)
      parent?.removeEventListener('abort', end)
    },
  }
}
