import type { H3Event } from 'h3'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { perDatabase } from '#server/platform/process'
import type { Received } from '#server/services/ingest'
import { ServiceError } from '#shared/errors'
import { worldOf } from './caller'
import { clientIp } from './client-ip'
import { endLate } from './incoming-body'
import { collectBytes } from './read-body'

/** What a sender may do in a minute before it has shown that it may at all, and how many events after that. */
const ATTEMPTS = 120
const EVENTS = 60_000
/** Bodies held at once, and of these by one address: who sends slowly must not keep all others out. */
const AT_ONCE = 32
const OF_ONE_ADDRESS = 8

const limits = perDatabase(() => ({
  attempts: new RateLimiterMemory({ points: ATTEMPTS, duration: 60 }),
  events: new RateLimiterMemory({ points: EVENTS, duration: 60 }),
  inside: new Map<string, number>(),
}))

/**
 * What came, for a source: its headers, its bytes when they are asked for, and the limits that hold.
 * @throws ServiceError BACKPRESSURE while too many are at it, RATE_LIMIT over a limit, both with `retryAfterMs`
 */
export async function whileReceived<T>(event: H3Event, work: (received: Received) => Promise<T>): Promise<T> {
  const world = worldOf(event)
  const held = limits(world)
  const { headers, socket } = event.node.req
  const ip = clientIp(socket.remoteAddress, headers['x-forwarded-for'], world.config.trustedProxies) ?? 'unknown'
  const leave = enter(held.inside, ip)
  endLate(event)
  try {
    return await work({
      contentType: headers['content-type'] ?? '',
      signature: [headers['x-signature']].flat()[0],
      read: (limitBytes, onChunk) => collectBytes(event.node.req, limitBytes, onChunk),
      admitUnproven: () => take(held.attempts, ip, 1),
      admit: (events) => take(held.events, ip, events),
    })
  } finally {
    leave()
  }
}

function enter(inside: Map<string, number>, ip: string): () => void {
  const total = [...inside.values()].reduce((sum, own) => sum + own, 0)
  const own = inside.get(ip) ?? 0
  if (total >= AT_ONCE || own >= OF_ONE_ADDRESS)
    throw new ServiceError('BACKPRESSURE', 'Too much is being received at once', { retryAfterMs: 1_000 })
  inside.set(ip, own + 1)
  return () => {
    const left = inside.get(ip)! - 1
    if (left > 0) inside.set(ip, left)
    else inside.delete(ip)
  }
}

async function take(limiter: RateLimiterMemory, key: string, points: number): Promise<void> {
  try {
    if (points > 0) await limiter.consume(key, points)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new ServiceError('RATE_LIMIT', 'Too much from your address. Wait.', { retryAfterMs: refusal.msBeforeNext })
  }
}
