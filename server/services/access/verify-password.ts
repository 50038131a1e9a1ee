import type { Context } from '#server/platform/context'
import { recordHappening } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import { type OperatorAccount, toAccount, usernameOf } from './accounts'
import type { AttemptLimits } from './attempt-limits'
import { matchesPassword } from './password'
import { accountByUsername } from './store'

/** The hash of nothing: an unknown name costs the same work as a known one. */
const NOBODY = `scrypt$32768$8$3$${'A'.repeat(22)}$${'A'.repeat(43)}`
const LONGEST_PASSWORD = 200

/**
 * The account behind a name and password, or null. Records each refusal.
 * @throws ServiceError RATE_LIMIT when the name or the caller's address has tried too often
 */
export async function verifyPassword(
  ctx: Context,
  limits: AttemptLimits,
  input: { username: string; password: string },
): Promise<OperatorAccount | null> {
  const username = usernameOf(input.username)
  const address = ctx.actor.ip ?? 'unknown'
  const account = await accountByUsername(ctx.db, username)
  const refused = (reason: string) =>
    recordHappening(ctx, 'user.refused', {
      resource: { type: 'operator_account', id: account?.id ?? 'unknown' },
      outcome: 'failure',
      data: { reason },
    })
  try {
    await limits.take(username, address)
  } catch (error) {
    if (error instanceof ServiceError) await refused('attempts')
    throw error
  }
  const matches = await matchesPassword(input.password.slice(0, LONGEST_PASSWORD), account?.passwordHash ?? NOBODY)
  if (!account || !matches) {
    await refused('password')
    return null
  }
  await limits.giveBack(username, address)
  return toAccount(account)
}
