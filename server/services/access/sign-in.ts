import type { Actor, Context } from '#server/platform/context'
import { mutate, recordHappening } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import type { User } from '#shared/schemas/access'
import { insertUser, refreshUser, userByIdentity } from './store'
import { toUser } from './users'

/** Who an identity provider says somebody is; `issuer` and `subject` together name the person. */
export interface Identity {
  issuer: string
  subject: string
  email: string | null
  name: string | null
  groups: readonly string[]
}

/** Why somebody was not let in. */
export type Refusal =
  | 'group'
  | 'inactive'
  | 'unavailable'
  | 'denied'
  | 'state'
  | 'nonce'
  | 'issuer'
  | 'audience'
  | 'signature'
  | 'expired'
  | 'subject'
  | 'code'
  | 'invalid'

/**
 * Lets a person in who is in the operator group and not switched off; a first visit makes the user.
 * @throws ServiceError FORBIDDEN, and records why
 */
export async function signIn(ctx: Context, identity: Identity): Promise<User> {
  const known = await userByIdentity(ctx.db, identity.issuer, identity.subject)
  const person = personOf(ctx, identity, known?.id)
  if (!identity.groups.includes(ctx.config.operatorGroup)) return refused(ctx, person, 'group')
  if (known && !known.active) return refused(ctx, person, 'inactive')
  return mutate(ctx, 'user.signed_in', async (inside) => {
    // Read again inside: two first visits at once must make one user.
    const before = await userByIdentity(inside.tx, identity.issuer, identity.subject)
    const seen = { email: identity.email, name: identity.name, lastSignInAt: ctx.now() }
    const { issuer, subject } = identity
    const fresh = { id: ctx.newId('usr'), issuer, subject, role: 'master', createdAt: ctx.now(), ...seen } as const
    const row = before ? await refreshUser(inside.tx, before.id, seen) : await insertUser(inside.tx, fresh)
    const event = { resource: { type: 'user', id: row.id }, data: { provider: new URL(issuer).host } }
    return { value: toUser(row), events: [{ ...event, actor: { ...person, id: row.id, role: row.role } }] }
  })
}

async function refused(ctx: Context, person: Actor, reason: Refusal): Promise<never> {
  await recordHappening(ctx, 'user.refused', {
    resource: { type: 'user', id: person.id },
    outcome: 'failure',
    actor: person,
    data: { reason },
  })
  throw new ServiceError('FORBIDDEN', 'This account may not use the portal')
}

/** Somebody who is not yet a user is told apart by a keyed tag, so that the log names no foreign subject. */
function personOf(ctx: Context, { issuer, subject, name, email }: Identity, id?: string): Actor {
  return {
    ...ctx.actor,
    type: 'user',
    id: id ?? `subject_${ctx.secrets.tag('subject', `${issuer}\0${subject}`).slice(0, 32)}`,
    role: 'member',
    ...(name !== null && { name }),
    ...(email !== null && { email }),
  }
}

/** Records that a sign-in came to nothing before anybody was known. */
export async function refuseSignIn(ctx: Context, reason: Refusal): Promise<void> {
  await recordHappening(ctx, 'user.refused', {
    resource: { type: 'sign_in', id: ctx.requestId },
    outcome: 'failure',
    data: { reason },
  })
}

/** Records the sign-out of the context's actor. */
export async function signOut(ctx: Context): Promise<void> {
  await recordHappening(ctx, 'user.signed_out', { resource: { type: 'user', id: ctx.actor.id } })
}
