/** A look that may not be kept is still shared by those who ask at the same time. */
const BRIEF_MS = 60_000
const MAX_LOOKS = 5_000

interface Look {
  madeAt: number
  kept: boolean
  value: Promise<unknown>
}

/** What many domains have in common, looked at once: for as long as whoever asks may take an older look. The oldest are forgotten first. */
export class SharedLooks {
  private readonly looks = new Map<string, Look>()

  constructor(private readonly now: () => number) {}

  /** The look under a key, made anew when there is none younger than `maxAgeMs`. One that throws is not kept at all. */
  take<T>(key: string, maxAgeMs: number, look: () => Promise<T>, keep: (value: T) => boolean = () => true): Promise<T> {
    const known = this.looks.get(key)
    const age = known ? this.now() - known.madeAt : 0
    // A key belongs to one kind of look, so that what it gave has that look's type.
    if (known && age >= 0 && age < (known.kept ? maxAgeMs : Math.min(maxAgeMs, BRIEF_MS))) return known.value as Promise<T>
    const value = look()
    const made: Look = { madeAt: this.now(), kept: true, value }
    this.looks.delete(key)
    this.looks.set(key, made)
    value.then(
      (result) => (made.kept = keep(result)),
      () => this.looks.get(key) === made && this.looks.delete(key),
    )
    const [oldest] = this.looks.keys()
    if (this.looks.size > MAX_LOOKS && oldest !== undefined) this.looks.delete(oldest)
    return value
  }
}
