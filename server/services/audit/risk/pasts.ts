import type { Db } from '#drizzle/client'
import { eventsOfActorBefore, failuresUpTo, type Seen } from './store'
import { OWN_EVENTS, OwnPast } from './own-past'
import { asksForOwnPast, type Past } from './rules'

const ACTORS = 10_000
const WINDOW_MS = 15 * 60_000
/** How far a start looks back for failed sign-ins. */
const FIRST_LOOK = 5_000
/** Keys, and failures of one, that are remembered: more of them say no more. */
const KEYS = 10_000
const FAILURES = 50

/** What is known before the next event. Holds as long as nobody else assessed events; begins from the store, bounded look-ups each. */
export class Pasts {
  private readonly own = new Map<string, OwnPast>()
  private readonly failed = new Map<string, number[]>()

  private constructor(
    /** The last event that is part of it. */
    private seq: number,
  ) {}

  static async upTo(db: Db, seq: number): Promise<Pasts> {
    const pasts = new Pasts(seq)
    for (const failure of await failuresUpTo(db, seq, FIRST_LOOK)) pasts.rememberFailure(failure)
    return pasts
  }

  isAt(seq: number): boolean {
    return this.seq === seq
  }

  async of(db: Db, event: Seen): Promise<Past> {
    const own = asksForOwnPast(event) ? await this.ownOf(db, event) : NOTHING
    return { own, failures: Math.max(...keysOf(event).map((key) => this.failuresOf(key, event.at))) }
  }

  /** The event is past now. */
  add(event: Seen): void {
    this.own.get(event.actorId)?.add(event.at, event.address)
    if (event.outcome === 'failure' && event.category === 'authentication') this.rememberFailure(event)
    this.seq = event.seq
  }

  private async ownOf(db: Db, event: Seen): Promise<OwnPast> {
    const own = this.own.get(event.actorId) ?? (await readOwn(db, event))
    // Set anew, so that the actor who was not seen longest is the first to go.
    this.own.delete(event.actorId)
    this.own.set(event.actorId, own)
    shorten(this.own, ACTORS)
    return own
  }

  private failuresOf(key: string, at: number): number {
    return (this.failed.get(key) ?? []).filter((failedAt) => failedAt <= at && failedAt > at - WINDOW_MS).length
  }

  private rememberFailure(event: Seen): void {
    for (const key of keysOf(event)) {
      const times = this.failed.get(key) ?? []
      this.failed.delete(key)
      this.failed.set(key, [...times, event.at].slice(-FAILURES))
    }
    shorten(this.failed, KEYS)
  }
}

const NOTHING = new OwnPast()

async function readOwn(db: Db, event: Seen): Promise<OwnPast> {
  const own = new OwnPast()
  for (const { at, address } of (await eventsOfActorBefore(db, event, OWN_EVENTS)).reverse()) own.add(at, address)
  return own
}

/** By whom and from where; who is not known says nothing about the next one who is not. */
const keysOf = ({ actorType, actorId, address }: Seen) => [
  ...(actorType === 'user' ? [`actor ${actorId}`] : []),
  `address ${address ?? 'none'} of ${address === null ? actorId : 'anybody'}`,
]

function shorten(map: Map<string, unknown>, size: number): void {
  while (map.size > size) map.delete(map.keys().next().value!)
}
