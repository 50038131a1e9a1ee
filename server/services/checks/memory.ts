import { perDatabase } from '#server/platform/process'

interface Entry {
  value: unknown
  until: number
}

const MAX_ENTRIES = 50_000

/** What checks remember for longer than a cycle: in this process alone, bounded, lost with it. Nothing in it may be missed. */
export class Memory {
  private readonly entries = new Map<string, Entry>()

  /** What was kept under a key and has not run out. A key belongs to one kind of value. */
  get<T>(key: string, now: number): T | undefined {
    const entry = this.entries.get(key)
    return entry && now < entry.until ? (entry.value as T) : undefined
  }

  set(key: string, value: unknown, until: number): void {
    // Whatever was renewed last goes last.
    this.entries.delete(key)
    this.entries.set(key, { value, until })
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= MAX_ENTRIES) break
      this.entries.delete(oldest)
    }
  }
}

export const memoryOf = perDatabase(() => new Memory())
