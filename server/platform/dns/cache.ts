interface Entry<Value> {
  value: Value
  expiresAt: number
}

/**
 * A map with an end for each entry and room for `maxEntries`. Two halves: what is used moves to the younger one, and when that is full the
 * elder one goes as a whole, with what was unused for longest. One map that is kept in the order of use costs more than a question to it.
 */
export class TtlCache<Value> {
  private younger = new Map<string, Entry<Value>>()
  private elder = new Map<string, Entry<Value>>()
  private readonly half: number

  constructor(
    maxEntries: number,
    private readonly now: () => number,
  ) {
    this.half = Math.max(1, Math.floor(maxEntries / 2))
  }

  get(key: string): Value | undefined {
    const recent = this.younger.get(key)
    const entry = recent ?? this.elder.get(key)
    if (!entry || entry.expiresAt <= this.now()) return undefined
    if (!recent) this.keep(key, entry)
    return entry.value
  }

  /** Without a time to live the key is forgotten. */
  set(key: string, value: Value, ttlMs: number): void {
    if (ttlMs > 0) return this.keep(key, { value, expiresAt: this.now() + ttlMs })
    this.younger.delete(key)
    this.elder.delete(key)
  }

  private keep(key: string, entry: Entry<Value>): void {
    if (this.younger.size >= this.half) {
      this.elder = this.younger
      this.younger = new Map()
    }
    this.younger.set(key, entry)
  }
}
