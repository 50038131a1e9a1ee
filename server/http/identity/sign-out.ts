import { type H3Event, sendRedirect } from 'h3'
import { actingAs } from '#server/platform/context'
import { signOut } from '#server/services/access'
import { anonymousContext } from '../caller'
import { closeSession } from '../operator'
import { identityOf } from './index'

/**
 * `POST /auth/logout`: ends the session here, then at the provider. Same-origin only (the gate). Whoever may not use the portal, or no
 * longer, leaves the provider this way too; a provider that does not answer keeps nobody in.
 */
export async function leave(event: H3Event): Promise<unknown> {
  const ctx = anonymousContext(event)
  const session = await closeSession(event, ctx)
  if (session) {
    const actor = { ...ctx.actor, type: 'user', id: session.userId } as const
    await signOut(actingAs(ctx, actor, ctx.scope, ctx.requestId))
  }
  const elsewhere = await identityOf(ctx)
    .handshake.endSessionUrl(session?.idToken ?? null)
    .catch(() => null)
  return sendRedirect(event, elsewhere ?? '/auth/signed-out', 303)
}
