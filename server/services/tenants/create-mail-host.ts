import { ServiceError } from '#shared/errors'
import type { MailHost, MailHostInput } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { sealMailHostPassword } from './mail-host-password'
import { insertMailHost, nameTaken } from './store-mail-hosts'
import { mailHostOf } from './wire'

/**
 * Makes a mail host. Its password is sealed and never shown again.
 * @throws ServiceError CONFLICT when a live host has the name, FORBIDDEN for a narrowed caller
 */
export async function createMailHost(ctx: Context, input: MailHostInput): Promise<MailHost> {
  requireWholeScope(ctx)
  return mutate(ctx, 'mail_host.created', async (inside) => {
    await refuseTakenName(inside, input.name)
    const { adminPassword, ...fields } = input
    const row = await insertMailHost(inside.tx, {
      ...fields,
      id: ctx.newId('mh'),
      adminPasswordBox: adminPassword === undefined ? null : sealMailHostPassword(ctx, adminPassword),
      createdAt: ctx.now(),
    })
    const { name, kind, healthUrl } = row
    return {
      value: mailHostOf(row, 0),
      events: [{ resource: { type: 'mail_host', id: row.id }, data: { name, kind, healthUrl } }],
    }
  })
}

/** @throws ServiceError CONFLICT when another live host has the name */
export async function refuseTakenName(ctx: Context, name: string, exceptId?: string): Promise<void> {
  if (await nameTaken(ctx.db, name, exceptId))
    throw new ServiceError('CONFLICT', `There is a mail host named ${name} already`, { details: { field: 'name' } })
}
