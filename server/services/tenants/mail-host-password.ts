import type { Context } from '#server/platform/context'
import type { MailHostRow } from './store-mail-hosts'

/** Binds a box to its column. */
const PURPOSE = 'mail_hosts.admin_password'

export function sealMailHostPassword(ctx: Context, password: string): string {
  return ctx.secrets.seal(PURPOSE, password)
}

/** Null when none is stored, or when the box does not open (another VIGIA_SECRET_KEY): told in the log, other hosts go on. */
export function openMailHostPassword(ctx: Context, row: Pick<MailHostRow, 'adminPasswordBox'>): string | null {
  if (row.adminPasswordBox === null) return null
  try {
    return ctx.secrets.open(PURPOSE, row.adminPasswordBox)
  } catch {
    ctx.log.error('The password of a mail host does not open with VIGIA_SECRET_KEY: give it again', { component: 'tenants' })
    return null
  }
}
