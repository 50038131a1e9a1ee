import { z } from 'zod'
import { ERROR_STATUS } from '#shared/errors'
import type { ApiHandler } from './define-api-handler'

type Json = Record<string, unknown>
type Route = ApiHandler['route'] & {
  /** Of the answer; JSON when it is not said. */
  contentType?: string
}

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Json
}

interface Operation {
  operationId: string
  summary: string
  'x-permission': string
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: Json
  responses: Record<string, Json>
}

export interface OpenApiDocument extends Json {
  openapi: string
  /** By path, then by method in lower case. */
  paths: Record<string, Record<string, Operation>>
}

/**
 * The OpenAPI 3.1 document of these routes, made from what the handlers themselves parse with, so that it cannot say anything else.
 * @param routes keyed by method and path, such as `GET /api/v1/tenants/{idOrSlug}`
 */
export function openApiDocument(routes: Record<string, ApiHandler>): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  for (const [key, { route }] of Object.entries(routes)) {
    const [method, path] = key.split(' ') as [string, string]
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(key, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vigia', version: 'v1', description: 'Every failure answers RFC 9457 problem details with a token.' },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: 'It did not work',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'vigia',
          description: 'The session of the sign-in; `__Host-vigia` over https',
        },
      },
    },
  }
}

function operationOf(key: string, route: Route): Operation {
  const body = route.body ?? route.rawBody
  const parameters = [...parametersOf('path', route.params), ...parametersOf('query', route.query)]
  return {
    operationId: key.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, ''),
    summary: route.summary,
    'x-permission': route.permission,
    security: route.permission === 'public' ? [] : [{ bearer: [] }, { session: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: { [String(route.status ?? 200)]: answerOf(route), default: { $ref: '#/components/responses/Problem' } },
  }
}

function answerOf(route: Route): Json {
  if (route.status === 204) return { description: 'Done' }
  return {
    description: 'Done',
    content: { [route.contentType ?? 'application/json']: { schema: schemaOf(route.response, 'output') } },
  }
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Parameter[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  return json
}

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'token', 'requestId'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string', description: 'For people' },
    status: { type: 'integer' },
    token: { enum: Object.keys(ERROR_STATUS), description: 'What a program may rely on' },
    requestId: { type: 'string', description: 'Finds the request in the log' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string', description: 'Dotted, such as webmail.port' }, message: { type: 'string' } },
      },
    },
    retryAfterMs: { type: 'integer' },
    details: { type: 'object', description: 'What resolves a conflict, such as `current`' },
  },
}
