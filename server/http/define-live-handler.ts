import { defineEventHandler, type H3Event, setResponseHeader } from 'h3'
import { z } from 'zod'
import { ServiceError } from '#shared/errors'
import { may, type Permission } from '#shared/permissions'
import type { Context } from '#server/platform/context'
import { callerContext, requestIdOf } from './caller'
import type { ApiHandler } from './define-api-handler'
import { answerProblem, problemOf } from './errors'
import { streamLive } from './live-stream'
import { noteRefusal } from './note-refusal'

/** The route of the live stream. Declares its permission as every API route does. */
export function defineLiveHandler(route: { summary: string; permission: Permission }): ApiHandler {
  const handler = defineEventHandler(async (event) => {
    try {
      const ctx = await mayListen(event, route.permission)
      setResponseHeader(event, 'x-request-id', requestIdOf(event))
      return await streamLive(event, ctx, () => {
        // Asked anew: whom the request found when the stream began may have been switched off since.
        event.context.operator = undefined
        return mayListen(event, route.permission)
      })
    } catch (error) {
      noteRefusal(event, error)
      return answerProblem(event, problemOf(error, requestIdOf(event)))
    }
  })
  const described = { ...route, response: z.string(), contentType: 'text/event-stream', handler: () => Promise.resolve('') }
  return Object.assign(handler, { route: described as unknown as ApiHandler['route'] })
}

async function mayListen(event: H3Event, permission: Permission): Promise<Context> {
  const ctx = (event.context.caller = await callerContext(event, false))
  if (!may(ctx.actor.role, permission)) throw new ServiceError('FORBIDDEN', 'Your role does not allow this')
  return ctx
}
