import { createHmac, hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { ServiceError } from '#shared/errors'

export type Scalar = string | number | boolean

/** The canonical bytes of an event, stage 1. No personal data, no floats, no nulls: a key without a value is left out. */
export interface EventContent {
  v: 1
  id: string
  action: string
  actor: { id: string; type: string }
  /** Milliseconds since 1970: what the source claims, and when we had it. */
  at: number
  recv: number
  resource: { id: string; type: string }
  meta: { category: string; outcome: string; severity: string; source: string; ext?: string }
  scope: string
  refs?: string[]
  data?: Record<string, Scalar>
  /** HMAC-SHA-256 commitment to the personal data, 64 hex digits. */
  pd?: string
}

/**
 * RFC 8785 bytes of a value, as text.
 * @throws ServiceError VALIDATION on a float, an integer beyond 2^53, or a lone surrogate (RFC 8785 §3.2.2.2)
 */
export function canonicalText(value: unknown): string {
  refuseUnsafe(value)
  const text = canonicalize(value)
  if (text === undefined) throw new ServiceError('VALIDATION', 'Nothing to write in canonical form')
  return text
}

function refuseUnsafe(value: unknown): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new ServiceError('VALIDATION', 'Only whole numbers within 2^53 can be recorded')
  if (typeof value === 'string' && !value.isWellFormed()) throw new ServiceError('VALIDATION', 'A text holds a lone surrogate')
  if (value && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) {
      refuseUnsafe(key)
      refuseUnsafe(inner)
    }
}

/** SHA-256 over a domain prefix, a zero byte and the event's bytes: the event's identity. */
export function contentHash(eventText: string): Buffer {
  return hash('sha256', `vigia audit event v1\0${eventText}`, 'buffer')
}

/** The salted commitment that stands in the event in place of the personal data, whose canonical text it is given. */
export function personalCommitment(salt: Buffer, personalText: string): string {
  return createHmac('sha256', salt).update(personalText, 'utf8').digest('hex')
}
