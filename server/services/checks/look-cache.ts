/** Looks that several domains share, kept for one cycle: a mail host's health, the addresses of an MX host. */
export class LookCache {
  private looks = new Map<string, Promise<unknown>>()
  private cycle = -1

  /** Forgets all when another cycle begins; also when the monitor's own network failed, for what was seen then says nothing. */
  enter(cycle: number, trusted: boolean): void {
    if (cycle === this.cycle && trusted) return
    this.cycle = cycle
    this.looks = new Map()
  }

  /** One look for all who ask for the same key; one that throws is not kept. */
  shared<T>(key: string, look: () => Promise<T>): Promise<T> {
    const { looks } = this
    const known = looks.get(key)
    // A key belongs to one kind of look, so that what it gave has that look's type.
    if (known) return known as Promise<T>
    const made = look()
    looks.set(key, made)
    made.catch(() => looks.get(key) === made && looks.delete(key))
    return made
  }
}
