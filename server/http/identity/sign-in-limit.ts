import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'

/** Each step costs a request to the provider or an event, so that an address gets sixty a minute. */
const steps = new RateLimiterMemory({ points: 60, duration: 60 })

/** @throws ServiceError RATE_LIMIT */
export async function takeSignInSlot(ctx: Context): Promise<void> {
  try {
    await steps.consume(ctx.actor.ip ?? 'unknown')
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new ServiceError('RATE_LIMIT', 'Too many sign-ins from your address. Wait a minute.', {
      retryAfterMs: refusal.msBeforeNext,
    })
  }
}
