/** Events of an actor that count as their past. */
export const OWN_EVENTS = 200

const HOUR_MS = 3_600_000
const NO_ADDRESS = -1

/** The hour of the day in UTC, 0 to 23. */
export const hourOf = (at: number) => ((Math.floor(at / HOUR_MS) % 24) + 24) % 24

/** 44 bits of a keyed tag say whether it is the same one, and take no memory of their own. */
const numberOf = (tag: string | null) => (tag === null ? NO_ADDRESS : Number.parseInt(tag.slice(0, 11), 16))

/** The last events of one actor: at which hours, from which addresses. Some kilobytes at most, for there are thousands of actors. */
export class OwnPast {
  private readonly hours: number[] = []
  private readonly addresses: number[] = []
  /** Where the next one is written when all places are taken. */
  private oldest = 0

  /** @param tag keyed tag of the IP address, hex; null without one */
  add(at: number, tag: string | null): void {
    this.hours[this.oldest] = hourOf(at)
    this.addresses[this.oldest] = numberOf(tag)
    this.oldest = (this.oldest + 1) % OWN_EVENTS
  }

  get size(): number {
    return this.hours.length
  }

  /** Whether one was at such an hour, or in the one before or after. */
  knowsHour(hour: number): boolean {
    return this.hours.some((known) => (known - hour + 25) % 24 <= 2)
  }

  /** Whether an address of theirs is known, whichever. */
  get hasAddress(): boolean {
    return this.addresses.some((known) => known !== NO_ADDRESS)
  }

  knowsAddress(tag: string): boolean {
    return this.addresses.includes(numberOf(tag))
  }
}
