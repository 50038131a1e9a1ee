import type { IncomingMessage } from 'node:http'
import type { H3Event } from 'h3'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { perDatabase } from '#server/platform/process'
import type { Received } from '#server/services/ingest'
import { ServiceError } from '#shared/errors'
import { worldOf } from './caller'
import { clientIp } from './client-ip'

/** What a sender may do in a minute before it has shown that it may at all, and how many events after that. */
const ATTEMPTS = 120
const EVENTS = 60_000
/** Bodies held at once. */
const AT_ONCE = 32

const limits = perDatabase(() => ({
  attempts: new RateLimiterMemory({ points: ATTEMPTS, duration: 60 }),
  events: new RateLimiterMemory({ points: EVENTS, duration: 60 }),
  inside: 0,
}))

/**
 * What came, for a source: its headers, its bytes when they are asked for, and the limits that hold.
 * @throws ServiceError BACKPRESSURE while too many are at it, RATE_LIMIT over a limit, both with `retryAfterMs`
 */
export async function whileReceived<T>(event: H3Event, work: (received: Received) => Promise<T>): Promise<T> {
  const world = worldOf(event)
  const held = limits(world)
  if (held.inside >= AT_ONCE)
    throw new ServiceError('BACKPRESSURE', 'Too much is being received at once', { retryAfterMs: 1_000 })
  const { headers, socket } = event.node.req
  const ip = clientIp(socket.remoteAddress, headers['x-forwarded-for'], world.config.trustedProxies) ?? 'unknown'
  held.inside++
  try {
    return await work({
      contentType: headers['content-type'] ?? '',
      signature: [headers['x-signature']].flat()[0],
      read: (limitBytes, onChunk) => readBytes(event.node.req, limitBytes, onChunk),
      admitUnproven: () => take(held.attempts, ip, 1),
      admit: (events) => take(held.events, ip, events),
    })
  } finally {
    held.inside--
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

/** Never more than the limit is held, whatever length was announced or not. @throws ServiceError PAYLOAD_TOO_LARGE, BAD_REQUEST */
function readBytes(req: IncomingMessage, limitBytes: number, onChunk?: (chunk: Uint8Array) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new ServiceError('PAYLOAD_TOO_LARGE', `The body may hold ${limitBytes} bytes`))
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return tooLarge()
    const chunks: Buffer[] = []
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limitBytes) {
        // Answered at once; what still comes is dropped as it comes.
        chunks.length = 0
        return tooLarge()
      }
      onChunk?.(chunk)
      chunks.push(chunk)
    })
    req.once('end', () => resolve(Buffer.concat(chunks)))
    req.once('error', () => reject(new ServiceError('BAD_REQUEST', 'The body broke off')))
  })
}
