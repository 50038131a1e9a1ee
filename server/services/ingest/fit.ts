import type { Actor } from '#server/platform/context'
import type { IngestedEvent } from './contract'

/** What RFC 3339 can tell, milliseconds: a timeline with one event beyond it could not be shown. */
const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]
const LONGEST_ID = 200
const LONGEST_NAME = 400

/**
 * An event as the log can hold it: texts are well-formed (a lone surrogate becomes U+FFFD, since the canonical form refuses it) and of a
 * length that a person can read. One that says something else would hold up all that come after it.
 */
export function fit(event: IngestedEvent): IngestedEvent {
  const { actor, resource, data = {} } = event
  return {
    ...event,
    externalId: event.externalId.toWellFormed(),
    at: fitMoment(event.at),
    actor: fitActor(actor),
    resource: { type: cut(resource.type, LONGEST_ID), id: cut(resource.id, LONGEST_ID) },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, typeof value === 'string' ? value.toWellFormed() : value]),
    ),
  }
}

/** The nearest moment of the years 1 to 9999, milliseconds. */
export const fitMoment = (ms: number) => Math.min(Math.max(ms, EARLIEST), LATEST)

function fitActor({ type, id, role, ...rest }: Actor): Actor {
  const told = Object.entries(rest).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return {
    type,
    id: cut(id, LONGEST_ID),
    role,
    ...Object.fromEntries(told.map(([key, value]) => [key, cut(value, LONGEST_NAME)])),
  }
}

const cut = (text: string, length: number) => text.slice(0, length).toWellFormed()
