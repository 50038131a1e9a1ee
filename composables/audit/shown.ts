import { z } from 'zod'
import type { AuditEvent } from '#shared/schemas/audit'
import { keyWords } from './changes'

/** One field that the page tells otherwise than the log; null where one of the two says nothing. */
export interface Difference {
  field: string
  shown: string | null
  told: string | null
}

/** Everything that is shown of an event, held against its bytes. */
export interface Comparison {
  differences: Difference[]
  /** Shown, and in the bytes only as a salted hash: their salt stays with the server. */
  sealed: string[]
  /** Shown, and not in the bytes: what the portal makes of the event by its present rules and names. */
  derived: string[]
}

type Value = AuditEvent['metadata'][string]
const Scalar = z.union([z.string(), z.number(), z.boolean()])
const EventBytes = z.object({
  v: z.literal(1),
  ...{ id: z.string(), action: z.string(), at: z.int(), recv: z.int(), scope: z.string() },
  actor: z.object({ id: z.string(), type: z.string() }),
  resource: z.object({ id: z.string(), type: z.string() }),
  meta: z.object({
    ...{ category: z.string(), outcome: z.string(), severity: z.string(), source: z.string() },
    ext: z.string().optional(),
  }),
  refs: z.array(z.string()).default([]),
  data: z.record(z.string(), Scalar).default({}),
  pd: z.string().optional(),
})
type EventBytes = z.infer<typeof EventBytes>

/** What the leaf says, not the event's own bytes. */
type Place = 'index' | 'prevHash' | 'hash'
type Field = Exclude<keyof AuditEvent, Place | 'metadata'>

const SEALED = Symbol('a salted hash of it is in the bytes')
const DERIVED = Symbol('it is not in the bytes')
type Told = Value | null | typeof SEALED | typeof DERIVED

/** Of each field its name and what the bytes say of it: a field that the API gains does not compile without. */
const FIELDS: { [Key in Field]: [name: string, told: (bytes: EventBytes, shown: AuditEvent) => Told] } = {
  id: ['event id', ({ id }) => id],
  at: ['when', ({ at }) => isoOf(at)],
  receivedAt: ['received', ({ recv }) => isoOf(recv)],
  action: ['action', ({ action }) => action],
  category: ['category', ({ meta }) => meta.category],
  severity: ['severity', ({ meta }) => meta.severity],
  outcome: ['outcome', ({ meta }) => meta.outcome],
  source: ['source', ({ meta }) => meta.source],
  externalId: ['id at the source', ({ meta }) => meta.ext ?? null],
  actorType: ['kind of actor', ({ actor }) => actor.type],
  actorId: ['actor id', ({ actor }) => actor.id],
  resourceType: ['resource type', ({ resource }) => resource.type],
  resourceId: ['resource id', ({ resource }) => resource.id],
  resourceName: ['resource name', nameTold],
  tenantId: ['tenant id', ({ refs, ...bytes }) => refs.find((ref) => ref !== partnerOf(bytes)) ?? null],
  partnerId: ['partner id', partnerOf],
  // After a restore the log has a number behind its scope.
  log: ['log', ({ scope }, { log }) => (log?.replace(/\/\d+$/, '') === scope ? log : scope)],
  personal: ['how much of the person is shown', personTold],
  actorName: ['name', ({ pd }) => (pd ? SEALED : null)],
  actorEmail: ['e-mail', ({ pd }) => (pd ? SEALED : null)],
  actorIp: ['IP address', ({ pd }) => (pd ? SEALED : null)],
  actorUserAgent: ['browser', ({ pd }) => (pd ? SEALED : null)],
  tenantSlug: ['tenant', () => DERIVED],
  partnerSlug: ['partner', () => DERIVED],
  template: ['wording of the title', () => DERIVED],
  risk: ['risk', () => DERIVED],
  classification: ['class', () => DERIVED],
  seq: ['number', () => DERIVED],
}

/** Holds everything that is shown against the event's bytes; null when the bytes are no event. */
export function compareShown(text: string, shown: AuditEvent): Comparison | null {
  const bytes = bytesOf(text)
  if (!bytes) return null
  const found: Comparison = { differences: [], sealed: [], derived: [] }
  for (const [key, [field, told]] of Object.entries(FIELDS) as [Field, (typeof FIELDS)[Field]][])
    sort(found, { field, shown: shown[key], told: told(bytes, shown) })
  for (const key of new Set([...Object.keys(bytes.data), ...Object.keys(shown.metadata)]))
    sort(found, { field: keyWords(key), shown: shown.metadata[key] ?? null, told: dataTold(key, bytes) })
  return found
}

function sort(found: Comparison, { field, shown, told }: { field: string; shown: unknown; told: Told }): void {
  if (told === SEALED || told === DERIVED) {
    if (shown !== null) found[told === SEALED ? 'sealed' : 'derived'].push(field)
  } else if (shown !== told) found.differences.push({ field, shown: wordsOf(shown), told: wordsOf(told) })
}

const wordsOf = (value: unknown) => (value === null ? null : String(value))
const isoOf = (ms: number) => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null)

/** The scope is the partner, or `platform` for who has none. */
function partnerOf({ scope }: Pick<EventBytes, 'scope'>): string | null {
  return scope === 'platform' ? null : scope
}

/** Whether there is a person behind the event. What of the person is left out, or was erased since, the bytes cannot tell. */
function personTold({ pd }: EventBytes, { personal }: AuditEvent): Told {
  if (!pd) return 'none'
  return personal === 'none' ? 'a salted hash of it' : SEALED
}

/** A thing is called as the event calls it; a tenant that it does not name, as it is called now. */
function nameTold({ data, resource }: EventBytes): Told {
  const said = data['name.after'] ?? data.name ?? data.domain
  if (typeof said === 'string') return said
  return resource.type === 'tenant' ? DERIVED : null
}

/** A value beside the bytes' own is a person's: of a change of such a value the bytes say that there was one. */
function dataTold(key: string, { data, pd }: EventBytes): Told {
  if (Object.hasOwn(data, key)) return data[key]!
  const [, name] = /^(.+)\.(?:before|after)$/s.exec(key) ?? []
  return pd && (name === undefined || data[`${name}.changed`] === true) ? SEALED : null
}

function bytesOf(text: string): EventBytes | null {
  try {
    return EventBytes.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
