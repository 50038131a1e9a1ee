import { z } from 'zod'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import { generatePassword, hashPassword } from './password'
import {
  accountById,
  accountByUsername,
  type AccountRow,
  allAccounts,
  endAllSessions,
  insertAccount,
  updatePassword,
} from './store'

/** An account of the embedded provider, without its password. */
export interface OperatorAccount {
  id: string
  username: string
  name: string
  email: string
  groups: string[]
}

/** The one moment at which a password is known: the caller shows it once and forgets it. */
export interface NewPassword {
  username: string
  password: string
}

/** Records of this model outlive a reset: the provider's signing key is nobody's session. */
export const SIGNING_KEY_MODEL = 'SigningKey'

const NewOperator = z.object({
  username: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, 'letters, digits and . _ @ -, at most 64, beginning with a letter or digit'),
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
})

/** Names are compared in lower case and without spaces around them. */
export function usernameOf(typed: string): string {
  return typed.trim().toLowerCase().slice(0, 100)
}

export function toAccount({ id, username, name, email, groups }: AccountRow): OperatorAccount {
  return { id, username, name, email, groups }
}

export async function listOperators(ctx: Context): Promise<OperatorAccount[]> {
  return (await allAccounts(ctx.db)).map(toAccount)
}

export async function operatorAccount(ctx: Context, id: string): Promise<OperatorAccount | null> {
  const row = await accountById(ctx.db, id)
  return row ? toAccount(row) : null
}

/** Makes `operator` when there is no account at all; null when there is one, or another process makes it at this moment. */
export async function createFirstOperator(ctx: Context): Promise<NewPassword | null> {
  if ((await allAccounts(ctx.db)).length > 0) return null
  try {
    return await addOperator(ctx, { username: 'operator', name: 'Operator', email: 'operator@localhost.localdomain' })
  } catch (error) {
    if (error instanceof ServiceError && error.token === 'CONFLICT') return null
    throw error
  }
}

/**
 * Makes an account with a generated password, in the operator group.
 * @throws ServiceError VALIDATION for a bad name or address, CONFLICT when the name is taken
 */
export async function addOperator(ctx: Context, input: { username: string; name: string; email: string }): Promise<NewPassword> {
  const parsed = NewOperator.safeParse({ ...input, username: usernameOf(input.username) })
  if (!parsed.success)
    throw new ServiceError('VALIDATION', 'The operator is not as it should be', {
      issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    })
  const { username, name, email } = parsed.data
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  return mutate(ctx, 'operator_account.created', async (inside) => {
    const id = ctx.newId('op')
    const groups = [ctx.config.operatorGroup]
    const made = await insertAccount(inside.tx, { id, username, name, email, groups, passwordHash, createdAt: ctx.now() })
    if (!made) throw new ServiceError('CONFLICT', `There is already an operator ${username}`)
    return { value: { username, password }, events: [{ resource: { type: 'operator_account', id } }] }
  })
}

/**
 * Gives an account a new password, and ends every session: the old one may have been in wrong hands.
 * @throws ServiceError NOT_FOUND
 */
export async function resetOperator(ctx: Context, name: string): Promise<NewPassword> {
  const username = usernameOf(name)
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  return mutate(ctx, 'operator_account.password_reset', async (inside) => {
    const account = await accountByUsername(inside.tx, username)
    if (!account) throw new ServiceError('NOT_FOUND', `There is no operator ${username}`)
    await updatePassword(inside.tx, account, passwordHash)
    await endAllSessions(inside.tx, SIGNING_KEY_MODEL)
    return {
      value: { username, password },
      events: [{ resource: { type: 'operator_account', id: account.id } }],
    }
  })
}
