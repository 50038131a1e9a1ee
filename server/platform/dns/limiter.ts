/** Runs at most `limit` pieces of work at once; the rest wait in the order they came. */
export class Limiter {
  private running = 0
  private readonly waiting: Array<() => void> = []

  constructor(private readonly limit: number) {}

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.running++
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      // The place is handed over, not freed, so that nobody can slip in between.
      if (next) next()
      else this.running--
    }
  }
}
