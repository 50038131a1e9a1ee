/** Lets those who come soon after one another go on together. */
export class Gathering {
  private together: Promise<void> | null = null

  constructor(private readonly ms: number) {}

  /** Resolves so many milliseconds after the first came, for all who have come since. */
  join(): Promise<void> {
    this.together ??= new Promise((done) =>
      setTimeout(() => {
        this.together = null
        done()
      }, this.ms),
    )
    return this.together
  }
}
