import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { api, ApiError } from './api'
import { errorText } from './error-text'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let answer: Answer
let asked: string[]
const assign = vi.fn()

const json = (status: number, body: unknown): Answer => {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'REQ1' })
    response.end(JSON.stringify(body))
  }
}
const failure = (error: unknown): ApiError => {
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}
const Thing = z.object({ name: z.string() })
const get = (path = '/api/v1/thing') => api(path, { schema: Thing }).catch((error: unknown) => error)

beforeEach(async () => {
  asked = []
  answer = json(200, { name: 'acme' })
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubGlobal('location', { origin, pathname: '/tenants', search: '?q=a b', assign })
})

afterEach(async () => {
  assign.mockReset()
  vi.unstubAllGlobals()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('api', () => {
  it('returns the parsed answer and leaves empty filters out of the query', async () => {
    const thing = await api('/api/v1/thing', { schema: Thing, query: { q: 'a&b', status: '', cursor: undefined, limit: 5 } })
    expect(thing).toEqual({ name: 'acme' })
    expect(asked).toEqual(['GET /api/v1/thing?q=a%26b&limit=5'])
  })

  it('turns problem details into an ApiError with token, request id, issues and details', async () => {
    const issues = [{ path: 'webmail.port', message: 'too big' }]
    answer = json(422, { title: 'No', status: 422, token: 'VALIDATION', requestId: 'R2', issues, details: { a: 1 } })
    expect(failure(await get())).toMatchObject({ token: 'VALIDATION', status: 422, requestId: 'R2', issues, details: { a: 1 } })
  })

  it('calls an answer of another shape BAD_ANSWER instead of handing it on', async () => {
    answer = json(200, { name: 7 })
    expect(failure(await get())).toMatchObject({ token: 'BAD_ANSWER', requestId: 'REQ1' })
  })

  it('takes a failure status as an answer where it is told to, and only with a body that fits', async () => {
    const read = () => api('/_health', { schema: Thing, answers: [503] }).catch((error: unknown) => error)
    answer = json(503, { name: 'down' })
    expect(await read()).toEqual({ name: 'down' })
    expect(failure(await get()).status).toBe(503)
    answer = (_request, response) => response.writeHead(503).end('<h1>Unavailable</h1>')
    expect(failure(await read()).token).toBe('UPSTREAM_UNAVAILABLE')
  })

  it("reads a proxy's error page as UPSTREAM_UNAVAILABLE", async () => {
    answer = (_request, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
    expect(failure(await get())).toMatchObject({ token: 'UPSTREAM_UNAVAILABLE', status: 502 })
  })

  it('says NETWORK when nothing listens', async () => {
    vi.stubGlobal('location', { origin: 'http://127.0.0.1:1', pathname: '/', search: '', assign })
    expect(failure(await get())).toMatchObject({ token: 'NETWORK', status: 0, requestId: null })
  })

  it('tries a read once more after RATE_LIMIT, and a write never', async () => {
    const busy = json(429, { title: 'Slow down', token: 'RATE_LIMIT', retryAfterMs: 1 })
    answer = (request, response) => (asked.length === 1 ? busy : json(200, { name: 'later' }))(request, response)
    expect(await get()).toEqual({ name: 'later' })
    asked = []
    const write = api('/api/v1/thing', { schema: Thing, method: 'POST', body: {} }).catch((error: unknown) => error)
    expect(failure(await write).token).toBe('RATE_LIMIT')
    expect(asked).toEqual(['POST /api/v1/thing'])
  })

  it('leaves for the sign-in without a session and comes back to the same view', async () => {
    answer = json(401, { title: 'Sign in first', token: 'UNAUTHENTICATED' })
    expect(failure(await get()).token).toBe('UNAUTHENTICATED')
    expect(assign).toHaveBeenCalledExactlyOnceWith('/auth/login?next=%2Ftenants%3Fq%3Da%20b')
  })

  it('leaves for /no-access only when the session itself is refused', async () => {
    answer = (request, response) =>
      (request.url === '/api/v1/me' ? json(200, {}) : json(403, { title: 'No', token: 'FORBIDDEN' }))(request, response)
    expect(failure(await get()).token).toBe('FORBIDDEN')
    expect(assign).not.toHaveBeenCalled()
    answer = json(403, { title: 'No', token: 'FORBIDDEN' })
    expect(failure(await get()).token).toBe('FORBIDDEN')
    expect(assign).toHaveBeenCalledExactlyOnceWith('/no-access')
  })

  it('hands an aborted call on as it is', async () => {
    const gone = new AbortController()
    answer = () => gone.abort()
    const error = await api('/api/v1/thing', { schema: Thing, signal: gone.signal }).catch((reason: unknown) => reason)
    expect((error as Error).name).toBe('AbortError')
  })
})

describe('errorText', () => {
  it("shows the server's sentence for a conflict and never that of an internal error", () => {
    expect(errorText(new ApiError({ token: 'CONFLICT', message: 'acme.example belongs to Acme' })).advice).toBe(
      'acme.example belongs to Acme.',
    )
    expect(errorText(new ApiError({ token: 'INTERNAL', message: 'stack' })).advice).not.toContain('stack')
    expect(errorText(new TypeError('x is undefined')).advice).not.toContain('undefined')
  })
})
