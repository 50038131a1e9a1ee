import { type Issue, ServiceError } from '#shared/errors'
import { may } from '#shared/permissions'
import type { EventsReceipt } from '#shared/schemas/ingest'
import { ONBOARDING_TYPES, OnboardingEvent } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { receiveOnboarding } from '#server/services/tenants'
import type { Incoming, IngestedEvent } from '../../contract'
import { type OpenSource, openSource } from '../../open-source'
import { readSigned, readTrusted } from '../../read-incoming'
import { eventOf } from './event-of'
import { fieldsOf, type Mapping, OWN_SHAPE } from './fields'
import { admitEvents, oneOfSome } from './limits'
import { parseStrict } from './strict-json'

const BODY_BYTES = 1024 * 1024
const EVENTS = 1_000
const DEPTH = 10

/**
 * Takes one event or many from a sender that holds a bearer token or signs. All of them are looked at before any is stored; what is
 * answered as accepted stands in the log.
 * @throws ServiceError UNAUTHENTICATED, RATE_LIMIT, BACKPRESSURE, PAYLOAD_TOO_LARGE, BAD_REQUEST for what is no JSON, VALIDATION naming
 * each mistake by its path, and what an onboarding event may be refused for
 */
export function receiveEvents(ctx: Context, incoming: Incoming): Promise<EventsReceipt> {
  return oneOfSome(ctx, () => receive(ctx, incoming))
}

async function receive(ctx: Context, incoming: Incoming): Promise<EventsReceipt> {
  const source = await openSource(ctx, 'generic')
  const bytes = await provenBody(ctx, source, incoming)
  const { items, isBatch } = itemsOf(bytes, incoming.contentType)
  await admitEvents(ctx, items.length)
  const { events, onboarding } = sortedOut(ctx, items, { isBatch, mapping: source.settings.mapping as Mapping | undefined })
  const receipt = { accepted: 0, duplicates: 0 }
  for (const { event, text } of onboarding) {
    if (!may(ctx.actor.role, 'events.ingest')) throw new ServiceError('FORBIDDEN', 'This type comes with a bearer token only')
    const { duplicate } = await receiveOnboarding(ctx, event, onboarding.length === 1 && !isBatch ? bytes.toString('utf8') : text)
    receipt[duplicate ? 'duplicates' : 'accepted']++
  }
  if (events.length > 0) {
    const { accepted, duplicate } = await source.append({ events })
    receipt.accepted += accepted
    receipt.duplicates += duplicate
  }
  return { ...receipt, duplicate: receipt.accepted === 0 && receipt.duplicates > 0 }
}

/** @throws ServiceError UNAUTHENTICATED when there is neither a bearer that may nor a signature that fits */
function provenBody(ctx: Context, source: OpenSource, incoming: Incoming): Promise<Buffer> {
  if (may(ctx.actor.role, 'events.ingest')) return readTrusted(ctx, BODY_BYTES, incoming)
  const { secrets = [] } = source.settings as { secrets?: string[] }
  return readSigned(ctx, { id: 'generic', secrets, limitBytes: BODY_BYTES }, incoming)
}

/** One event, a list of them, or `{events: […]}`; CloudEvents 1.0 in the structured and in the batched mode. */
function itemsOf(bytes: Buffer, contentType: string): { items: unknown[]; isBatch: boolean } {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType))
    throw new ServiceError('BAD_REQUEST', 'The body must be JSON, with content-type application/json')
  const json = parseStrict(bytes, DEPTH)
  const inside = (json as { events?: unknown } | null)?.events
  const list = [json, inside].find((value) => Array.isArray(value)) as unknown[] | undefined
  if (list && list.length > EVENTS) throw new ServiceError('PAYLOAD_TOO_LARGE', `A body may hold ${EVENTS} events`)
  return { items: list ?? [json], isBatch: list !== undefined }
}

interface Sorted {
  events: IngestedEvent[]
  onboarding: { event: OnboardingEvent; text: string }[]
}

function sortedOut(ctx: Context, items: unknown[], { isBatch, mapping }: { isBatch: boolean; mapping?: Mapping }): Sorted {
  const sorted: Sorted = { events: [], onboarding: [] }
  const issues: Issue[] = []
  for (const [index, item] of items.entries()) {
    const read = isOnboarding(item) ? OnboardingEvent.safeParse(item) : fieldsOf(item, shapeOf(item, mapping))
    const mistakes = read.success ? mistakesIn(item, read.data) : read.error.issues
    issues.push(...mistakes.map(({ path, message }) => ({ path: [...(isBatch ? [index] : []), ...path].join('.'), message })))
    if (!read.success || mistakes.length > 0) continue
    if ('data' in read.data) sorted.onboarding.push({ event: read.data, text: JSON.stringify(item) })
    else sorted.events.push(eventOf(ctx.secrets, read.data, { receivedAt: ctx.now() }))
  }
  if (issues.length > 0)
    throw new ServiceError('VALIDATION', 'The input is not as it should be', { issues: issues.slice(0, 100) })
  return sorted
}

const isCloudEvent = (item: unknown): item is { specversion: unknown; type: unknown } =>
  typeof item === 'object' && item !== null && Object.hasOwn(item, 'specversion')

const isOnboarding = (item: unknown) => isCloudEvent(item) && (ONBOARDING_TYPES as readonly unknown[]).includes(item.type)

const shapeOf = (item: unknown, mapping: Mapping | undefined) => (isCloudEvent(item) || !mapping ? OWN_SHAPE : mapping)

function mistakesIn(item: unknown, fields: { id?: string }): { path: PropertyKey[]; message: string }[] {
  return [
    ...(isCloudEvent(item) && item.specversion !== '1.0' ? [{ path: ['specversion'], message: 'only 1.0 is understood' }] : []),
    ...(fields.id === undefined ? [{ path: ['id'], message: 'an id, by which it is known when it comes again' }] : []),
  ]
}
