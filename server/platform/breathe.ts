/** Lets waiting requests and timers come through: what stands between two of these holds the process while it runs. */
export const othersTurn = () => new Promise<void>((done) => setImmediate(done))

/** A timer, or a turn of the event loop, that takes so much longer has found other work waiting. */
const LATE_MS = 3
/** On a machine that others keep busy all turns are long: twenty a second begin all the same, and 10,000 in ten minutes are 17. */
const LONGEST_MS = 50

/**
 * Lets waiting work go first: comes back after `ms` milliseconds, and then after a turn of the event loop that had little to do, so that
 * more is begun no faster than this process can follow. After 50 ms it comes back in any case.
 */
export async function breathe(ms: number, now: () => number = () => performance.now()): Promise<void> {
  const startedAt = now()
  await new Promise((done) => setTimeout(done, ms))
  for (let before = startedAt + ms; now() - before > LATE_MS && now() - startedAt < LONGEST_MS;) {
    before = now()
    await othersTurn()
  }
}
