import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { countAgainst } from '../../count-against'

/** Events of an address in a minute. */
const EVENTS = 60_000
/** Requests that are worked on at once, and of these from one address: who sends slowly must not keep all others out. */
const AT_ONCE = 32
const OF_ONE_ADDRESS = 8

const limits = perDatabase(() => ({
  events: new RateLimiterMemory({ points: EVENTS, duration: 60 }),
  inside: new Map<string, number>(),
}))

/** @throws ServiceError RATE_LIMIT when the sender has sent too many events of late */
export const admitEvents = (ctx: Context, events: number) =>
  countAgainst(limits(ctx).events, ctx, events, 'Too much from your address. Wait.')

/** @throws ServiceError BACKPRESSURE while too many are at it */
export async function oneOfSome<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  const { inside } = limits(ctx)
  const address = ctx.actor.ip ?? ''
  const total = [...inside.values()].reduce((sum, own) => sum + own, 0)
  const own = inside.get(address) ?? 0
  if (total >= AT_ONCE || own >= OF_ONE_ADDRESS)
    throw new ServiceError('BACKPRESSURE', 'Too much is being received at once', { retryAfterMs: 1_000 })
  inside.set(address, own + 1)
  try {
    return await work()
  } finally {
    const left = inside.get(address)! - 1
    if (left > 0) inside.set(address, left)
    else inside.delete(address)
  }
}
