/** While looks are under way: how often the lease is renewed, the monitor looked at and new work asked for. */
const BEAT_MS = 5_000

/** The time until the next beat. It runs on while looks end: a steady stream of them must not put the beat off. */
export function startBeat() {
  let due = false
  let stop = () => {}
  const come = new Promise<void>((done) => {
    const timer = setTimeout(() => {
      due = true
      done()
    }, BEAT_MS)
    stop = () => clearTimeout(timer)
  })
  return { come, isDue: () => due, stop: () => stop() }
}
