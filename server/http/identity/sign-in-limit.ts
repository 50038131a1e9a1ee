import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'

/** Takes one step of a sign-in for the caller's address. */
export type SignInLimit = (ctx: Context) => Promise<void>

/**
 * Each step costs a request to the provider or an event, so that an address gets sixty a minute.
 * @throws ServiceError RATE_LIMIT
 */
export function createSignInLimit(): SignInLimit {
  const steps = new RateLimiterMemory({ points: 60, duration: 60 })
  return async (ctx) => {
    try {
      await steps.consume(ctx.actor.ip ?? 'unknown')
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw new ServiceError('RATE_LIMIT', 'Too many sign-ins from your address. Wait a minute.', {
        retryAfterMs: refusal.msBeforeNext,
      })
    }
  }
}
