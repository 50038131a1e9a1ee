import {
  defineEventHandler,
  type EventHandler,
  getQuery,
  getRouterParams,
  type H3Event,
  setResponseHeader,
  setResponseStatus,
} from 'h3'
import { z } from 'zod'
import { ServiceError } from '#shared/errors'
import { may, type Permission } from '#shared/permissions'
import type { Context } from '#server/platform/context'
import { callerContext, requestIdOf } from './caller'
import { answerProblem, problemOf } from './errors'
import { noteRefusal } from './note-refusal'
import { readBodyText } from './read-body'

type Schema = z.ZodType

export interface ApiRoute<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> {
  /** What this route is for, one line, for the OpenAPI document. */
  summary: string
  /** Who may call it; `public` is said by name, never by leaving it out. */
  permission: Permission | 'public'
  params?: P
  query?: Q
  body?: B
  /** For the OpenAPI document alone, where the handler reads the body by itself. */
  rawBody?: Schema
  response: R
  /** 200 by default. */
  status?: number
  /** Bytes; 1 MiB by default. */
  bodyLimit?: number
  handler(
    ctx: Context,
    input: { params: z.output<P>; query: z.output<Q>; body: z.output<B>; event: H3Event },
  ): Promise<z.input<R>>
}

/** Every API handler carries its route's description, so that a test can walk them and the OpenAPI document can be made. */
export type ApiHandler = EventHandler & { route: ApiRoute<Schema, Schema, Schema, Schema> }

/** Parse, check the permission, call, return; every failure becomes problem details with a token. */
export function defineApiHandler<
  P extends Schema = z.ZodUndefined,
  Q extends Schema = z.ZodUndefined,
  B extends Schema = z.ZodUndefined,
  R extends Schema = Schema,
>(route: ApiRoute<P, Q, B, R>): ApiHandler {
  const handler = defineEventHandler(async (event) => {
    const requestId = requestIdOf(event)
    setResponseHeader(event, 'x-request-id', requestId)
    setResponseHeader(event, 'cache-control', 'no-store')
    try {
      const ctx = (event.context.caller = await callerContext(event, route.permission === 'public'))
      if (route.permission !== 'public' && !may(ctx.actor.role, route.permission))
        throw new ServiceError('FORBIDDEN', 'Your role does not allow this')
      const input = {
        params: parse(route.params, getRouterParams(event, { decode: true }), 'params'),
        query: parse(route.query, getQuery(event), 'query'),
        body: route.body ? parse(route.body, await readJson(event, route.bodyLimit), '') : undefined,
        event,
      }
      setResponseStatus(event, route.status ?? 200)
      return await route.handler(ctx, input as never)
    } catch (error) {
      noteRefusal(event, error)
      const problem = problemOf(error, requestId)
      if (problem.status >= 500)
        event.context.world?.log.error('A request failed', { requestId, token: problem.token, cause: describe(error) })
      return answerProblem(event, problem)
    }
  })
  return Object.assign(handler, { route: route as unknown as ApiHandler['route'] })
}

function parse<S extends Schema>(schema: S | undefined, value: unknown, at: string): z.output<S> | undefined {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({
    path: [at, ...issue.path].filter((part) => part !== '').join('.'),
    message: issue.message,
  }))
  throw new ServiceError('VALIDATION', 'The input is not as it should be', { issues })
}

async function readJson(event: H3Event, limitBytes: number | undefined): Promise<unknown> {
  const type = event.node.req.headers['content-type'] ?? ''
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new ServiceError('BAD_REQUEST', 'The body must be JSON, with content-type application/json')
  const text = await readBodyText(event, limitBytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('BAD_REQUEST', 'The body is not valid JSON', { cause })
  }
}

/** The stack's own words are for the log alone; values that a statement carried are not in them. */
function describe(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message.split('\nparams:')[0]} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
    : typeof error
}
