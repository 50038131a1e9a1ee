import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { refuseStale, stillCurrent } from './patch'
import { getMailHost } from './read-mail-hosts'
import { changeMailHost, usesOf } from './store-mail-hosts'

/**
 * Takes a mail host out of use; its password is destroyed.
 * @param version when given, the host must not have changed since
 * @throws ServiceError NOT_FOUND, STALE_VERSION, CONFLICT while domains use it, FORBIDDEN for a narrowed caller
 */
export async function removeMailHost(ctx: Context, id: string, version?: number): Promise<void> {
  requireWholeScope(ctx)
  return mutate(ctx, 'mail_host.removed', async (inside) => {
    const current = await getMailHost(inside, id)
    refuseStale(version, current)
    const domains = await usesOf(inside.db, id)
    if (domains > 0)
      throw new ServiceError('CONFLICT', `${domains === 1 ? 'A domain uses' : `${domains} domains use`} this mail host`, {
        details: { domains },
      })
    stillCurrent(await changeMailHost(inside.tx, current, { deletedAt: ctx.now(), adminPasswordBox: null }))
    return { value: undefined, events: [{ resource: { type: 'mail_host', id }, data: { name: current.name } }] }
  })
}
