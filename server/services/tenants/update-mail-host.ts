import { ServiceError } from '#shared/errors'
import type { MailHost, MailHostPatch } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { changesOf, mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import { refuseTakenName } from './create-mail-host'
import { sealMailHostPassword } from './mail-host-password'
import { given, refuseStale, stillCurrent } from './patch'
import { getMailHost } from './read-mail-hosts'
import { makeDue } from './store-domains'
import { changeMailHost, findMailHost, type MailHostRow } from './store-mail-hosts'

const TOLD = ['name', 'kind', 'healthUrl', 'adminUrl', 'mx', 'sendingAddresses', 'frontends', 'webmail'] as const

/**
 * Changes a mail host and makes its domains due at once. What the patch leaves out stays, null empties.
 * @throws ServiceError NOT_FOUND, STALE_VERSION with the host as it stands, CONFLICT when the name is taken, FORBIDDEN for a narrowed caller
 */
export async function updateMailHost(ctx: Context, id: string, patch: MailHostPatch): Promise<MailHost> {
  requireWholeScope(ctx)
  return mutate(ctx, 'mail_host.updated', async (inside) => {
    const current = await getMailHost(inside, id)
    refuseStale(patch.version, current)
    const before = (await findMailHost(inside.db, inside.scope, id))!
    refusePasswordElsewhere(before, patch)
    const after = { ...before, ...changesIn(ctx, before, patch) }
    const data = told(before, after)
    if (Object.keys(data).length === 0) return { value: current, events: [] }
    await refuseTakenName(inside, after.name, id)
    stillCurrent(await changeMailHost(inside.tx, before, changesIn(ctx, before, patch)))
    await makeDue(inside.tx, id, ctx.now())
    return { value: await getMailHost(inside, id), events: [{ resource: { type: 'mail_host', id }, data }] }
  })
}

function changesIn(ctx: Context, before: MailHostRow, patch: MailHostPatch): Partial<MailHostRow> {
  const { version: _, adminPassword, webmail, ...fields } = patch
  return {
    ...given(fields),
    ...(webmail && { webmail: { ...before.webmail, ...given(webmail) } }),
    ...(adminPassword !== undefined && {
      adminPasswordBox: adminPassword === null ? null : sealMailHostPassword(ctx, adminPassword),
    }),
  }
}

/** The changes as the event tells them: of credentials only that they changed. */
function told(before: MailHostRow, after: MailHostRow) {
  return {
    ...changesOf(before, after, TOLD),
    ...(before.adminUser !== after.adminUser && { adminUserChanged: true }),
    ...(before.adminPasswordBox !== after.adminPasswordBox && { adminPasswordChanged: true }),
  }
}

/** A stored password must not follow an address that somebody turned elsewhere: who sets a new one knows the password. */
function refusePasswordElsewhere(before: MailHostRow, patch: MailHostPatch): void {
  if (before.adminPasswordBox === null || patch.adminPassword !== undefined || !patch.adminUrl) return
  if (before.adminUrl !== null && new URL(before.adminUrl).origin === new URL(patch.adminUrl).origin) return
  throw new ServiceError('VALIDATION', 'The input is not as it should be', {
    issues: [{ path: 'adminPassword', message: 'give the password again: it is sent to another address now' }],
  })
}
