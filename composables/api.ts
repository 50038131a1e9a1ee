import { z } from 'zod'
import { ERROR_STATUS, type ErrorToken, type Issue } from '#shared/errors'

/** What can go wrong with a call: a token of the server, no connection at all, or an answer that is not what was agreed. */
export type ApiToken = ErrorToken | 'NETWORK' | 'BAD_ANSWER'

export interface ApiRequest<S extends z.ZodType> {
  /** What the answer must look like; its type is the type of the call. */
  schema: S
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Undefined, null and empty values are left out. */
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  /** Failure statuses whose body is the answer all the same. */
  answers?: readonly number[]
  signal?: AbortSignal
}

/** The answer of a removal: none. */
export const NoContent = z.undefined()

interface Failure {
  token: ApiToken
  message: string
  status?: number
  requestId?: string | null
  issues?: Issue[]
  retryAfterMs?: number
  details?: Record<string, unknown>
  cause?: unknown
}

/** A failed call. `message` is the server's sentence for people; the page's own words for a token are in error-text.ts. */
export class ApiError extends Error {
  readonly token: ApiToken
  /** HTTP status; 0 when nothing answered. */
  readonly status: number
  /** Finds the request in the server's log; null when it never arrived. */
  readonly requestId: string | null
  readonly issues: Issue[]
  readonly retryAfterMs: number | undefined
  /** What resolves a conflict, for example the row as it stands now. */
  readonly details: Record<string, unknown>

  constructor(failure: Failure) {
    super(failure.message, { cause: failure.cause })
    this.name = 'ApiError'
    this.token = failure.token
    this.status = failure.status ?? 0
    this.requestId = failure.requestId ?? null
    this.issues = failure.issues ?? []
    this.retryAfterMs = failure.retryAfterMs
    this.details = failure.details ?? {}
  }
}

const ME = '/api/v1/me'
const DEFAULT_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 10_000

/**
 * The one way to the server: same origin, parsed answer, failures as `ApiError`. A read that meets RATE_LIMIT or BACKPRESSURE is tried
 * once more after the time that the server names. Without a session the browser leaves for the sign-in, a revoked user for /no-access.
 * @throws ApiError; a DOMException AbortError when `signal` ends the call
 */
export async function api<S extends z.ZodType>(path: string, request: ApiRequest<S>): Promise<z.output<S>> {
  try {
    return await once(path, request)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const read = (request.method ?? 'GET') === 'GET'
    if (read && (error.token === 'RATE_LIMIT' || error.token === 'BACKPRESSURE')) {
      await wait(Math.min(error.retryAfterMs ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS), request.signal)
      return await once(path, request)
    }
    if (error.token === 'UNAUTHENTICATED') toSignIn()
    if (error.token === 'FORBIDDEN' && (path === ME || (await isRevoked()))) leave('/no-access')
    throw error
  }
}

async function once<S extends z.ZodType>(path: string, request: ApiRequest<S>): Promise<z.output<S>> {
  const response = await send(path, request)
  const requestId = response.headers.get('x-request-id')
  const body = await readBody(response)
  const answered = response.ok || request.answers?.includes(response.status)
  const parsed = answered ? request.schema.safeParse(body) : undefined
  if (parsed?.success) return parsed.data
  if (!response.ok) throw failureOf(response.status, requestId, body)
  throw new ApiError({
    token: 'BAD_ANSWER',
    message: 'The server answered something unexpected',
    status: response.status,
    requestId,
    cause: parsed?.error,
  })
}

async function send(path: string, { method = 'GET', query = {}, body, signal }: ApiRequest<z.ZodType>): Promise<Response> {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value))
  const init: RequestInit = {
    method,
    signal,
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    redirect: 'error',
  }
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' }
    init.body = JSON.stringify(body)
  }
  try {
    return await fetch(url, init)
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError({ token: 'NETWORK', message: 'The server cannot be reached', cause })
  }
}

/** The JSON of an answer; undefined when it is empty or something else, such as a proxy's own error page. */
async function readBody(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text())
  } catch {
    return undefined
  }
}

function failureOf(status: number, requestId: string | null, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Failure> & { title?: string }
  return new ApiError({
    ...problem,
    token: problem.token && problem.token in ERROR_STATUS ? problem.token : tokenOf(status),
    message: problem.title ?? `The server answered ${status}`,
    status,
    requestId: problem.requestId ?? requestId,
  })
}

/** For answers that are not ours, such as a proxy's. */
function tokenOf(status: number): ApiToken {
  if (status === 401) return 'UNAUTHENTICATED'
  if (status === 404) return 'NOT_FOUND'
  if (status === 413) return 'PAYLOAD_TOO_LARGE'
  if (status === 429) return 'RATE_LIMIT'
  return status >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'BAD_ANSWER'
}

/** A FORBIDDEN may be this route only; when the session itself is refused, the user has been shut out. */
async function isRevoked(): Promise<boolean> {
  const response = await fetch(new URL(ME, location.origin), { redirect: 'error' }).catch(() => null)
  return response?.status === 403
}

function toSignIn(): void {
  leave(`/auth/login?next=${encodeURIComponent(location.pathname + location.search)}`)
}

/** A full load, so that nothing of the old session stays on the screen or in the cache. */
function leave(to: string): void {
  if (location.pathname !== to.split('?')[0]) location.assign(to)
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
