import type { Context } from '#server/platform/context'
import { changesOf, mutate, recordRepeated } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import type { User, UserPatch } from '#shared/schemas/access'
import { allUsers, countActiveMasters, updateUserActive, userById, type UserRow } from './store'

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    active: row.active,
    createdAt: new Date(row.createdAt).toISOString(),
    lastSignInAt: row.lastSignInAt === null ? null : new Date(row.lastSignInAt).toISOString(),
    version: row.version,
  }
}

/** Users belong to no tenant yet, so that a narrowed scope sees none of them. That personal data was read is recorded, aside. */
export async function listUsers(ctx: Context): Promise<User[]> {
  const users = ctx.scope === 'all' ? (await allUsers(ctx.db)).map(toUser) : []
  void recordRepeated(ctx, 'user.list_read', { resource: { type: 'users', id: 'all' }, data: { users: users.length } })
  return users
}

/** The user behind a session, or null when there is none or it is switched off. Asked on every request. */
export async function activeUser(ctx: Context, id: string): Promise<User | null> {
  const row = await userById(ctx.db, id)
  return row?.active ? toUser(row) : null
}

/**
 * Lets a user in or locks them out, from their next request on.
 * @throws ServiceError NOT_FOUND; CONFLICT for the last active master; STALE_VERSION with the user as it stands now
 */
export async function setUserActive(ctx: Context, id: string, { active, version }: UserPatch): Promise<User> {
  return mutate(ctx, active ? 'user.activated' : 'user.deactivated', async (inside) => {
    const before = ctx.scope === 'all' ? await userById(inside.tx, id) : undefined
    if (!before) throw new ServiceError('NOT_FOUND', 'There is no such user')
    if (version !== undefined && version !== before.version) throw stale(before)
    if (before.active === active) return { value: toUser(before), events: [] }
    if (!active && before.role === 'master' && (await countActiveMasters(inside.tx)) === 1)
      throw new ServiceError('CONFLICT', 'This is the last active master: nobody could undo it')
    const after = await updateUserActive(inside.tx, before, active)
    if (!after) throw stale(before)
    return { value: toUser(after), events: [{ resource: { type: 'user', id }, data: changesOf(before, after, ['active']) }] }
  })
}

const stale = (current: UserRow) =>
  new ServiceError('STALE_VERSION', 'Somebody changed this user meanwhile', { details: { current: toUser(current) } })
