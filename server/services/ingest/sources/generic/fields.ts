import { z } from 'zod'
import { fitMoment } from '../../fit'

/** RFC 8785 refuses half of a surrogate pair, and a NUL ends a text for half of the programs that read a log. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

const text = (longest: number) => z.string().max(longest).refine(isStorable, 'no NUL and no half of a surrogate pair')
const id = (longest: number) =>
  z.union(
    [text(longest).min(1), z.int().transform(String)],
    `a text of at most ${longest} characters, without NUL, or a whole number`,
  )

/** Milliseconds since 1970, of an RFC 3339 moment, of seconds or of milliseconds since then. */
const Moment = z
  .union(
    [
      z.iso.datetime({ offset: true }).transform((moment) => Date.parse(moment)),
      z.int().transform((number) => (Math.abs(number) < 100_000_000_000 ? number * 1_000 : number)),
    ],
    'a moment such as 2026-03-01T09:15:04Z, or seconds or milliseconds since 1970',
  )
  .refine((ms) => ms === fitMoment(ms), 'a moment of the years 1 to 9999')

const FAILURES = new Set(['failure', 'failed', 'fail', 'error', 'denied', 'refused', 'false'])
const Outcome = z
  .union([text(50), z.boolean()])
  .transform((said): 'success' | 'failure' => (FAILURES.has(String(said).toLowerCase()) ? 'failure' : 'success'))

/** What an event may say. */
export const Fields = z.object({
  /** With `system`, unique for ever. */
  id: id(200).optional(),
  /** Left out: when it came. */
  time: Moment.optional(),
  type: text(200).min(1),
  system: id(500).optional(),
  outcome: Outcome.optional(),
  actorId: id(200).optional(),
  actorType: z.enum(['user', 'system', 'service']).optional(),
  actorName: text(400).optional(),
  actorEmail: text(400).optional(),
  actorIp: z.union([z.ipv4(), z.ipv6()], 'an IPv4 or IPv6 address').optional(),
  actorUserAgent: text(1_000).optional(),
  resourceType: text(100)
    .regex(/^[\w.-]+$/, 'a word such as order')
    .optional(),
  resourceId: id(200).optional(),
  tenantSlug: text(100).optional(),
  domain: text(400).optional(),
  objectName: text(4_000).optional(),
  subjectName: text(4_000).optional(),
  subjectEmail: text(400).optional(),
  detail: text(4_000).optional(),
  changed: text(4_000).optional(),
  count: z.int().optional(),
})
export type Fields = z.output<typeof Fields>
export type Field = keyof Fields

/** Where in a sender's JSON each field stands: keys joined by dots (`user.name`), or a text of its own after `=` (`=login`). */
export type Mapping = Readonly<Partial<Record<Field, string>>>

/** Our own shape, which is that of a CloudEvent (version 1.0, JSON format) with what we know of in its data. */
export const OWN_SHAPE: Mapping = {
  ...{ id: 'id', time: 'time', type: 'type', system: 'source', outcome: 'data.outcome' },
  ...{ actorId: 'data.actor.id', actorType: 'data.actor.type', actorName: 'data.actor.name', actorEmail: 'data.actor.email' },
  ...{ actorIp: 'data.actor.ip', actorUserAgent: 'data.actor.userAgent' },
  ...{ resourceType: 'data.resource.type', resourceId: 'data.resource.id', objectName: 'data.resource.name' },
  ...{
    tenantSlug: 'data.tenantSlug',
    domain: 'data.domain',
    subjectName: 'data.subject.name',
    subjectEmail: 'data.subject.email',
  },
  ...{ detail: 'data.detail', changed: 'data.changed', count: 'data.count' },
}

const FIELDS = Object.keys(Fields.shape) as [Field, ...Field[]]

/** A mapping as it is set for a source. */
export const MappingSetting = z
  .partialRecord(z.enum(FIELDS), z.string().min(1).max(200))
  .refine((mapping) => mapping.time !== undefined && mapping.type !== undefined, 'time and type have to be mapped')
  .describe('Where each field of an event stands in the JSON, such as {"time": "ts", "type": "event.name", "actorId": "user"}')

/** The fields of one event. Null counts as not there. */
export function fieldsOf(json: unknown, mapping: Mapping) {
  const found = FIELDS.map((field) => [field, mapping[field] === undefined ? undefined : valueAt(json, mapping[field])])
  return Fields.safeParse(Object.fromEntries(found.filter(([, value]) => value != null)))
}

function valueAt(json: unknown, place: string): unknown {
  if (place.startsWith('=')) return place.slice(1)
  let value = json
  for (const key of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}
