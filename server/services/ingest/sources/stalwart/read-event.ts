import { createHash } from 'node:crypto'
import { isLosslessNumber, LosslessNumber, parse } from 'lossless-json'
import { z } from 'zod'

/** One event as Stalwart tells it; numbers of `data` are kept digit by digit (its ids are beyond 2^53). */
export interface StalwartEvent {
  type: string
  /** Milliseconds since 1970; Stalwart knows whole seconds. */
  at: number
  data: Readonly<Record<string, unknown>>
  /** The same for the same event however often it is sent: not its `id`, which changes with each time (0.16.11) or is shared (before). */
  digest: string
}

/** A single event of more bytes would hold the process while it is read. */
export const LONGEST_EVENT = 1024 * 1024
const DEEPEST = 32

const Envelope = z.object({
  createdAt: z.iso.datetime({ offset: true }),
  type: z.string().min(1).max(200),
  data: z.record(z.string(), z.unknown()).default({}),
})

/** Reads one event; null when it is none: not JSON, a key twice with two values, a key missing, too deep or too long. */
export function readEvent(bytes: Buffer): StalwartEvent | null {
  if (bytes.length > LONGEST_EVENT) return null
  try {
    const envelope = Envelope.safeParse(parse(bytes.toString('utf8')))
    if (!envelope.success) return null
    const { createdAt, type, data } = envelope.data
    const told = canonical([createdAt, type, data], DEEPEST)
    const digest = createHash('sha256').update(told, 'utf8').digest('hex')
    return { type, data, digest, at: Date.parse(createdAt) }
  } catch {
    // Not JSON, or nested so deeply that the parser gave up.
    return null
  }
}

/** JSON with its keys in order and numbers as they were written: two tellings of one event give the same text. */
function canonical(value: unknown, depth: number): string {
  if (depth === 0) throw new RangeError('Nested too deeply')
  if (isLosslessNumber(value)) return (value as LosslessNumber).value
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth - 1)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner, depth - 1)}`).join(',')}}`
}
