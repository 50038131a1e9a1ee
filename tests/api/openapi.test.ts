import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { PERMISSIONS } from '#shared/permissions'
import type { ApiHandler } from '#server/http/define-api-handler'
import { openApiDocument } from '#server/http/openapi'
import { ROUTES } from '#server/http/routes'

// The sign-in module runs inside the built server only; here descriptions are read and no request is made.
vi.mock('#server/http/operator', () => ({ operatorOf: () => Promise.reject(new Error('no request is made here')) }))

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** No API: pages of the sign-in, which browsers are sent to, and the answer to an address that is not there. */
const OUTSIDE_THE_DOCUMENT = [
  'server/api/[...path].ts',
  'server/routes/application/o/[...path].ts',
  'server/routes/auth/callback.get.ts',
  'server/routes/auth/login.get.ts',
  'server/routes/auth/logout.post.ts',
  'server/routes/auth/signed-out.get.ts',
]

/** `server/api/v1/tenants/[idOrSlug]/index.get.ts` is `GET /api/v1/tenants/{idOrSlug}`. */
function routeOf(file: string): string {
  const [, path, method] = /^server\/(?:routes\/)?(.+?)(?:\.(get|post|patch|put|delete))?\.ts$/.exec(file)!
  return `${(method ?? 'any').toUpperCase()} /${path!.replace(/(^|\/)index$/, '').replace(/\[([^\]]+)\]/g, '{$1}')}`
}

const files = filesBelow('server/api', 'server/routes').filter((file) => !OUTSIDE_THE_DOCUMENT.includes(file))
const document = openApiDocument(ROUTES)
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, path, operation })),
)

describe('the OpenAPI document', () => {
  it('holds every route file, and nothing else', () => {
    expect(Object.keys(ROUTES).sort()).toEqual(files.map(routeOf).sort())
    expect(operations.map(({ key }) => key).sort()).toEqual(files.map(routeOf).sort())
  })

  it.each(files)('%s is the handler that the document describes, and names its permission', async (file) => {
    const { default: handler } = (await import(/* @vite-ignore */ `${ROOT}${file}`)) as { default: ApiHandler }
    expect(handler.route, 'a handler without a description').toBeDefined()
    expect(['public', ...Object.keys(PERMISSIONS)]).toContain(handler.route.permission)
    expect(ROUTES[routeOf(file)]).toBe(handler)
  })

  it.each(operations)('$key has a summary, its path parameters and its answers', ({ path, operation }) => {
    expect(operation.summary).toMatch(/\w/)
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const declared = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => parameter.name)
    expect(declared.sort()).toEqual(inPath.sort())
    expect(Object.keys(operation.responses)).toContain('default')
    expect(Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status))).toBe(true)
  })

  it('asks for a sign-in or a bearer wherever a route is not public by name, or checks a signature by itself', () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0)
    const signed = ['POST /ingest/events', 'POST /ingest/stalwart/webhook']
    expect(open.map(({ key }) => key)).toEqual(['GET /_health', ...signed])
  })

  it('is plain JSON that says what a change needs', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    const patch = document.paths['/api/v1/tenants/{idOrSlug}']!.patch!.requestBody
    expect(patch).toMatchObject({ content: { 'application/json': { schema: { required: ['version'] } } } })
  })
})

describe('the routes that are outside the document', () => {
  it('are all there still', () => {
    for (const file of OUTSIDE_THE_DOCUMENT) expect(readFileSync(`${ROOT}${file}`, 'utf8')).toMatch(/\w/)
  })
})

function filesBelow(...folders: string[]): string[] {
  const inside = (folder: string) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
  return folders
    .flatMap(inside)
    .filter((name) => name.endsWith('.ts'))
    .sort()
}
