import type { Context } from '#server/platform/context'
import { recordRepeated } from '#server/services/audit'

/** Somebody may not do what they asked for. */
export function actionDenied(ctx: Context, route: string): Promise<void> {
  return recordRepeated(ctx, 'access.denied', { resource: { type: 'route', id: route }, outcome: 'failure', data: { route } })
}

/** A bearer token was not accepted; of the token nothing is kept. */
export function bearerRefused(ctx: Context, route: string): Promise<void> {
  return recordRepeated(ctx, 'access.bearer_refused', {
    resource: { type: 'route', id: route },
    outcome: 'failure',
    data: { route },
  })
}
