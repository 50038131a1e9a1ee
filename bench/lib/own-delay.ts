import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const STEP_MS = 10

/** Milliseconds that the main thread has waited while others had the processor (proc_pid_schedstat(5): the second field, ns). */
const waitedMs = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6

/**
 * Watches how late timers come by our own doing: what the machine gave to other processes meanwhile is taken off. Ends when told, and
 * answers each delay, milliseconds.
 */
export function watchOwnDelay(): () => number[] {
  const delays: number[] = []
  let ended = false
  const watch = async () => {
    while (!ended) {
      const [due, waited] = [performance.now() + STEP_MS, waitedMs()]
      await pause(STEP_MS, undefined, { ref: false })
      delays.push(Math.max(0, performance.now() - due - (waitedMs() - waited)))
    }
  }
  void watch()
  return () => {
    ended = true
    return delays
  }
}
