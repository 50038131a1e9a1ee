import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'

/** Counts against the caller's address. @throws ServiceError RATE_LIMIT with `retryAfterMs` when that is too much */
export async function countAgainst(
  limiter: RateLimiterMemory,
  { actor }: Context,
  points: number,
  message: string,
): Promise<void> {
  try {
    if (points > 0) await limiter.consume(actor.ip ?? '', points)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new ServiceError('RATE_LIMIT', message, { retryAfterMs: refusal.msBeforeNext })
  }
}
