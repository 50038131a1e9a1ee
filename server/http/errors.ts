import type { H3Event } from 'h3'
import { ERROR_STATUS, type ErrorToken, ServiceError } from '#shared/errors'
import { storageFault } from '#drizzle/client'

/** RFC 9457 problem details with our token. */
export interface Problem {
  type: 'about:blank'
  title: string
  status: number
  token: ErrorToken
  requestId: string
  issues?: { path: string; message: string }[]
  retryAfterMs?: number
  details?: Record<string, unknown>
}

/** What a client may know of a failure. The text of an unexpected error never leaves the process. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof ServiceError ? error : fromStorage(error)
  return {
    type: 'about:blank',
    title: known.message,
    status: ERROR_STATUS[known.token],
    token: known.token,
    requestId,
    ...(known.issues.length > 0 && { issues: known.issues }),
    ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
    ...(known.details && { details: known.details }),
  }
}

function fromStorage(error: unknown): ServiceError {
  const fault = storageFault(error) ?? storageFault((error as { cause?: unknown } | null)?.cause)
  if (fault)
    return new ServiceError('STORAGE_UNAVAILABLE', `The database does not answer: ${fault}`, {
      retryAfterMs: 5_000,
      cause: error,
    })
  return new ServiceError('INTERNAL', 'Something went wrong here. The request id finds it in the log.', { cause: error })
}

/** Answers with the problem; INTERNAL is logged with its request id. */
export function answerProblem(event: H3Event, problem: Problem): Problem {
  event.node.res.statusCode = problem.status
  event.node.res.setHeader('content-type', 'application/problem+json')
  if (problem.retryAfterMs !== undefined) event.node.res.setHeader('retry-after', Math.ceil(problem.retryAfterMs / 1000))
  return problem
}
