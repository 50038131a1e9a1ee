import type { H3Event } from 'h3'
import { actionDenied, bearerRefused } from '#server/services/access'
import { ServiceError } from '#shared/errors'
import { anonymousContext } from './caller'

/**
 * A refusal is an event of the audit log: who may not do this, and a bearer token that is not accepted. Nobody waits for it. Who simply
 * is not signed in is none.
 */
export function noteRefusal(event: H3Event, error: unknown): void {
  if (!(error instanceof ServiceError) || !event.context.world) return
  const ctx = event.context.caller ?? anonymousContext(event)
  // The route's pattern, not the address: whoever asks for a thousand things that are not theirs is one event.
  const route = `${event.method} ${event.context.matchedRoute?.path ?? 'elsewhere'}`
  if (error.token === 'FORBIDDEN') void actionDenied(ctx, route)
  if (error.token === 'UNAUTHENTICATED' && event.node.req.headers.authorization) void bearerRefused(ctx, route)
}
