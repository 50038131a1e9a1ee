/** A map with an end for each entry and room for `maxEntries`; the one unused for longest goes first. */
export class TtlCache<Value> {
  private readonly entries = new Map<string, { value: Value; expiresAt: number }>()

  constructor(
    private readonly maxEntries: number,
    private readonly now: () => number,
  ) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    this.entries.delete(key)
    if (entry.expiresAt <= this.now()) return undefined
    // A Map keeps the order of insertion, so putting it back marks it as the last one used.
    this.entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: Value, ttlMs: number): void {
    this.entries.delete(key)
    if (ttlMs <= 0) return
    this.entries.set(key, { value, expiresAt: this.now() + ttlMs })
    if (this.entries.size > this.maxEntries) this.entries.delete(this.entries.keys().next().value!)
  }
}
