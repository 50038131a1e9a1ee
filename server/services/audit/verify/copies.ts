import type { EventFields } from './event-text'

interface Copy {
  column: string
  said: (event: EventFields) => string | number | null
}

/** The columns of `audit_events` that are copies of the event's bytes, each with what the bytes say. */
export const COPIES: Copy[] = [
  { column: 'id', said: (event) => event.id },
  { column: 'at', said: (event) => event.at },
  { column: 'received_at', said: (event) => event.recv },
  { column: 'scope', said: (event) => event.scope },
  { column: 'source', said: (event) => event.meta.source },
  { column: 'external_id', said: (event) => event.meta.ext ?? null },
  { column: 'action', said: (event) => event.action },
  { column: 'category', said: (event) => event.meta.category },
  { column: 'severity', said: (event) => event.meta.severity },
  { column: 'outcome', said: (event) => event.meta.outcome },
  { column: 'actor_type', said: (event) => event.actor.type },
  { column: 'actor_id', said: (event) => event.actor.id },
  { column: 'resource_type', said: (event) => event.resource.type },
  { column: 'resource_id', said: (event) => event.resource.id },
  // A partner's events have the partner as their scope; what else an event refers to is its tenant.
  { column: 'partner_id', said: ({ scope }) => (scope === 'platform' ? null : scope) },
  { column: 'tenant_id', said: ({ refs, scope }) => refs?.find((id) => id !== scope) ?? null },
]

/** The columns that say something else than the event, given what they hold from a place on in the order of `COPIES`. */
export function differing(held: readonly unknown[], from: number, event: EventFields): string[] {
  const columns: string[] = []
  for (let n = 0; n < COPIES.length; n++) {
    const copy = COPIES[n]!
    if (held[from + n] !== copy.said(event)) columns.push(copy.column)
  }
  return columns
}
