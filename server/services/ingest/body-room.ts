interface Waiting {
  address: string
  bytes: number
  begin: () => void
}

/** Addresses whose last turn is remembered. */
const REMEMBERED = 1_000

/**
 * Room for bodies of which nobody knows yet whether they may be believed. Who comes when it is full waits and is not refused, and who had
 * no turn for the longest time comes first: a flood from elsewhere must not cost a sender its events.
 */
export class BodyRoom {
  private free: number
  private turn = 0
  private readonly waiting: Waiting[] = []
  private readonly lastTurns = new Map<string, number>()

  constructor(bytes: number) {
    this.free = bytes
  }

  /** Resolves when there is room; call what it gives when the body is done with. */
  async enter(address: string, bytes: number): Promise<() => void> {
    await new Promise<void>((begin) => {
      this.waiting.push({ address, bytes, begin })
      this.admit()
    })
    return () => {
      this.free += bytes
      this.admit()
    }
  }

  private admit(): void {
    const lastTurn = ({ address }: Waiting) => this.lastTurns.get(address) ?? 0
    while (this.waiting.length > 0) {
      const next = this.waiting.reduce((first, other) => (lastTurn(other) < lastTurn(first) ? other : first))
      // Nobody overtakes, or a large body would wait for ever.
      if (next.bytes > this.free) return
      this.waiting.splice(this.waiting.indexOf(next), 1)
      this.free -= next.bytes
      this.remember(next.address)
      next.begin()
    }
  }

  private remember(address: string): void {
    this.lastTurns.delete(address)
    this.lastTurns.set(address, ++this.turn)
    if (this.lastTurns.size > REMEMBERED) this.lastTurns.delete(this.lastTurns.keys().next().value!)
  }
}
