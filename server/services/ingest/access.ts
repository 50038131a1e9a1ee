import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'

/** Sources tell of all tenants. @throws ServiceError FORBIDDEN for a caller who sees some of them only */
export function requireWholeScope(ctx: Context): void {
  if (ctx.scope !== 'all') throw new ServiceError('FORBIDDEN', 'This concerns all tenants, and you see only some of them')
}
