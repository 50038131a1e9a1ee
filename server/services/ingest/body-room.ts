interface Waiting {
  address: string
  bytes: number
  begin: () => void
}

/** Addresses whose last turn is remembered. */
const REMEMBERED = 1_000

/**
 * Room for bodies of which nobody knows yet whether they may be believed. Who comes when it is full waits and is not refused. Who was
 * right before comes first, with room that nobody else gets; then who had no turn for the longest time: a flood from elsewhere must not
 * cost a sender its events.
 */
export class BodyRoom {
  private free: number
  private turn = 0
  private readonly waiting: Waiting[] = []
  private readonly lastTurns = new Map<string, number>()
  private readonly known = new Set<string>()

  /**
   * @param bytes all the room
   * @param kept how much of it is for those who were right before
   */
  constructor(
    bytes: number,
    private readonly kept = 0,
  ) {
    this.free = bytes
  }

  /** Who sends from there could show that it may. */
  believe(address: string): void {
    this.known.delete(address)
    this.known.add(address)
    if (this.known.size > REMEMBERED) this.known.delete(this.known.values().next().value!)
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
    // A turn of the past is above zero; who is known comes before all.
    const lastTurn = ({ address }: Waiting) => (this.lastTurns.get(address) ?? 0) - (this.known.has(address) ? this.turn + 1 : 0)
    while (this.waiting.length > 0) {
      const next = this.waiting.reduce((first, other) => (lastTurn(other) < lastTurn(first) ? other : first))
      // Nobody overtakes, or a large body would wait for ever.
      if (next.bytes > this.free - (this.known.has(next.address) ? 0 : this.kept)) return
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
