import type { EventContent } from './canonical'

/** Whose key an event's personal data lies under. Without a person behind it: one per scope and month, so that it can be destroyed too. */
export function subjectOf({ actor, scope, recv }: Pick<EventContent, 'actor' | 'scope' | 'recv'>): string {
  return actor.type === 'user' ? actor.id : `${scope}:${new Date(recv).toISOString().slice(0, 7)}`
}
