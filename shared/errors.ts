/** The closed vocabulary of errors (O2). A token is what an API client may rely on; the HTTP status follows from it. */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  VALIDATION: 422,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CROSS_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  STALE_VERSION: 409,
  PAYLOAD_TOO_LARGE: 413,
  MISDIRECTED: 421,
  RATE_LIMIT: 429,
  INTERNAL: 500,
  UPSTREAM_UNAVAILABLE: 502,
  BACKPRESSURE: 503,
  STORAGE_UNAVAILABLE: 503,
} as const

export type ErrorToken = keyof typeof ERROR_STATUS

/** One thing wrong with an input: `path` is dotted (`webmail.port`), empty for the whole body. */
export interface Issue {
  path: string
  message: string
}

export interface ServiceErrorOptions {
  issues?: Issue[]
  /** Milliseconds after which a retry makes sense. */
  retryAfterMs?: number
  /** What the client needs to resolve a conflict, for example the row as it stands now. Never a secret. */
  details?: Record<string, unknown>
  cause?: unknown
}

/** An expected failure. `message` is shown to people; anything that is not a ServiceError answers INTERNAL without its text. */
export class ServiceError extends Error {
  readonly token: ErrorToken
  readonly issues: Issue[]
  readonly retryAfterMs?: number
  readonly details?: Record<string, unknown>

  constructor(token: ErrorToken, message: string, options: ServiceErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'ServiceError'
    this.token = token
    this.issues = options.issues ?? []
    this.retryAfterMs = options.retryAfterMs
    this.details = options.details
  }
}
