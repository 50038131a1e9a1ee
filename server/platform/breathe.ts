/** Lets waiting requests through between two pieces of work: each of them holds the process while it runs. */
export const breathe = () => new Promise<void>((done) => setImmediate(done))

/** A timer, or a turn of the event loop, that takes so much longer has found other work waiting. */
const LATE_MS = 3
/** On a machine that others keep busy all turns are long. It is waited for no longer than this, and for the turn that has begun by then. */
const LONGEST_MS = 50

/**
 * Comes back after `ms` milliseconds, and then after a turn of the event loop that had little to do, so that more is begun no faster than
 * this process can follow. Once 50 ms have passed it waits for no other turn.
 */
export async function caughtUp(ms: number, now: () => number = () => performance.now()): Promise<void> {
  const startedAt = now()
  await new Promise((done) => setTimeout(done, ms))
  for (let before = startedAt + ms; now() - before > LATE_MS && now() - startedAt < LONGEST_MS;) {
    before = now()
    await breathe()
  }
}
