/** Places for work side by side. Who has to wait for something leaves its place meanwhile, and comes back before new work begins. */
export class Places {
  private readonly returning: (() => void)[] = []
  private waiters: (() => void)[] = []

  constructor(private free: number) {}

  /** For new work; false while no place is free. */
  take(): boolean {
    if (this.free === 0) return false
    this.free--
    return true
  }

  /** Leaves a place for good. */
  leave(): void {
    const back = this.returning.shift()
    if (back) return back()
    this.free++
    for (const told of this.waiters.splice(0)) told()
  }

  /** Waits outside: the place is somebody else's until then. */
  async outside(wait: () => Promise<void>): Promise<void> {
    this.leave()
    try {
      await wait()
    } finally {
      if (!this.take()) await new Promise<void>((back) => this.returning.push(back))
    }
  }

  /** Resolves when a place is free for new work; at once when one is. */
  async anyFree(): Promise<void> {
    if (this.free === 0) await new Promise<void>((told) => this.waiters.push(told))
  }

  /** Runs new work as soon as there is a place for it. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    while (!this.take()) await this.anyFree()
    try {
      return await work()
    } finally {
      this.leave()
    }
  }
}
