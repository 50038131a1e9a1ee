import type { Actor } from '#server/platform/context'
import type { IngestedEvent } from './contract'

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
    actor: fitActor(actor),
    resource: { type: cut(resource.type, LONGEST_ID), id: cut(resource.id, LONGEST_ID) },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, typeof value === 'string' ? value.toWellFormed() : value]),
    ),
  }
}

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
