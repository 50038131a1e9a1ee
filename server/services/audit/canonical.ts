import { createHmac } from 'node:crypto'
import { ServiceError } from '#shared/errors'
import { sha256Hex } from './sha256'

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
 * RFC 8785 bytes of a value, as text: texts and whole numbers as JSON.stringify writes them, keys sorted by UTF-16 units.
 * @throws ServiceError VALIDATION on a float, an integer beyond 2^53, a lone surrogate (RFC 8785 §3.2.2.2), or what JSON has no word for
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  if (typeof value === 'object' && value !== null) return canonicalObject(value as Record<string, unknown>)
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new ServiceError('VALIDATION', 'Only whole numbers within 2^53 can be recorded')
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new ServiceError('VALIDATION', 'Nothing to write in canonical form')
  return text
}

/** Printable ASCII but quote and backslash: what JSON writes as it is, most of what is recorded, at a third of the cost. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

function canonicalString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`
  if (!value.isWellFormed()) throw new ServiceError('VALIDATION', 'A text holds a lone surrogate')
  return JSON.stringify(value)
}

function canonicalObject(value: Record<string, unknown>): string {
  let members = ''
  for (const key of Object.keys(value).sort()) members += `${members && ','}${canonicalString(key)}:${canonicalText(value[key])}`
  return `{${members}}`
}

/** SHA-256 over a domain prefix, a zero byte and the event's bytes: the event's identity, hex. */
export function contentHex(eventText: string): string {
  return sha256Hex(`vigia audit event v1\0${eventText}`)
}

/** The same as it is stored. */
export function contentHash(eventText: string): Buffer {
  return Buffer.from(contentHex(eventText), 'hex')
}

/** The salted commitment that stands in the event in place of the personal data, whose canonical text it is given. */
export function personalCommitment(salt: Buffer, personalText: string): string {
  return createHmac('sha256', salt).update(personalText, 'utf8').digest('hex')
}
