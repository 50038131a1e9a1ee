/** However much happens, one looks this often; after a look that failed, later. */
const EVERY_MS = 1_000
const AGAIN_MS = 5_000

export interface Looks {
  /** Something has happened: looks within a second, once for all that happens until then. */
  soon(): void
  /** An answer that is on its way counts for nothing. */
  forget(): void
  /** Nothing is asked any more. */
  stop(): void
}

/**
 * Looks whenever it is told to, and again by itself until a look that failed has gone well; while nobody watches it begins none. Of several
 * answers the newest look's counts.
 */
export function lookEverySoOften<Seen>({
  isWatched,
  look,
  found,
  failed,
}: {
  isWatched: () => boolean
  look: () => Promise<Seen>
  found: (seen: Seen) => void
  failed: () => void
}): Looks {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function now() {
    const mine = ++asked
    const seen = await look().catch(() => null)
    if (mine !== asked) return
    if (seen !== null) return found(seen)
    failed()
    after(AGAIN_MS)
  }
  function after(ms: number) {
    if (!isWatched()) return
    timer ??= setTimeout(() => {
      timer = undefined
      void now()
    }, ms)
  }
  const forget = () => void asked++
  return {
    soon: () => after(EVERY_MS),
    forget,
    stop() {
      forget()
      clearTimeout(timer)
    },
  }
}
