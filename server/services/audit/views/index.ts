import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { AuditView, AuditViewInput } from '#shared/schemas/audit-filter'
import { mutate } from '../mutate'
import { countViews, deleteView, insertView, type ViewRow, viewsOf } from './store'

const MOST = 100
const PURPOSE = 'audit-view'

/** The caller's own views, by name. */
export async function listViews(ctx: Context): Promise<AuditView[]> {
  return (await viewsOf(ctx.db, ctx.actor.id)).map((row) => toView(ctx, row))
}

/**
 * Keeps a filter under a name, for the caller alone. It is stored sealed, for it may name a person.
 * @throws ServiceError CONFLICT when the caller has a view of this name, or a hundred of them
 */
export function saveView(ctx: Context, { name, filter }: AuditViewInput): Promise<AuditView> {
  return mutate(ctx, 'audit.view_saved', async (inside) => {
    if ((await countViews(inside.tx, ctx.actor.id)) >= MOST) throw new ServiceError('CONFLICT', `You have ${MOST} views already`)
    const filterBox = ctx.secrets.seal(PURPOSE, JSON.stringify(filter))
    const row = { id: ctx.newId('view'), ownerId: ctx.actor.id, name, filterBox, createdAt: ctx.now() }
    const made = await insertView(inside.tx, row)
    if (!made) throw new ServiceError('CONFLICT', 'You have a view of this name')
    return { value: toView(ctx, made), events: [{ resource: { type: 'audit_view', id: made.id } }] }
  })
}

/** @throws ServiceError NOT_FOUND when the caller has no such view */
export function removeView(ctx: Context, id: string): Promise<void> {
  return mutate(ctx, 'audit.view_removed', async (inside) => {
    const gone = await deleteView(inside.tx, ctx.actor.id, id)
    if (!gone) throw new ServiceError('NOT_FOUND', 'There is no such view')
    return { value: undefined, events: [{ resource: { type: 'audit_view', id } }] }
  })
}

function toView({ secrets }: Context, { id, name, filterBox, createdAt }: ViewRow): AuditView {
  const filter = JSON.parse(secrets.open(PURPOSE, filterBox)) as AuditView['filter']
  return { id, name, filter, createdAt: new Date(createdAt).toISOString() }
}
