import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ServiceError } from '#shared/errors'

const WINDOW_SEC = 15 * 60
const BY_USERNAME = 5
const BY_ADDRESS = 20

/** How often a password may be tried: five times for a name, twenty from an address, in a quarter of an hour. */
export interface AttemptLimits {
  /** @throws ServiceError RATE_LIMIT with the time after which to come back */
  take(username: string, address: string): Promise<void>
  /** A right password gives the attempt back. */
  giveBack(username: string, address: string): Promise<void>
}

export function createAttemptLimits(): AttemptLimits {
  const byUsername = new RateLimiterMemory({ points: BY_USERNAME, duration: WINDOW_SEC })
  const byAddress = new RateLimiterMemory({ points: BY_ADDRESS, duration: WINDOW_SEC })
  return {
    async take(username, address) {
      try {
        await byAddress.consume(address)
        await byUsername.consume(username)
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new ServiceError('RATE_LIMIT', 'Too many attempts. Wait a while, then try again.', {
          retryAfterMs: refusal.msBeforeNext,
        })
      }
    },
    async giveBack(username, address) {
      await byUsername.delete(username)
      await byAddress.reward(address)
    },
  }
}
