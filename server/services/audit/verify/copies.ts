import type { EventContent } from '../canonical'

/** The columns of `audit_events` that are copies of the event's bytes, each with what the bytes say. */
export const COPIES: [column: string, said: (event: EventContent) => string | number | null][] = [
  ['id', (event) => event.id],
  ['at', (event) => event.at],
  ['received_at', (event) => event.recv],
  ['scope', (event) => event.scope],
  ['source', (event) => event.meta.source],
  ['external_id', (event) => event.meta.ext ?? null],
  ['action', (event) => event.action],
  ['category', (event) => event.meta.category],
  ['severity', (event) => event.meta.severity],
  ['outcome', (event) => event.meta.outcome],
  ['actor_type', (event) => event.actor.type],
  ['actor_id', (event) => event.actor.id],
  ['resource_type', (event) => event.resource.type],
  ['resource_id', (event) => event.resource.id],
  // A partner's events have the partner as their scope; what else an event refers to is its tenant.
  ['partner_id', ({ scope }) => (scope === 'platform' ? null : scope)],
  ['tenant_id', ({ refs, scope }) => refs?.find((id) => id !== scope) ?? null],
]

/** The columns that say something else than the event, given what they hold in the order of `COPIES`. */
export function differing(held: readonly unknown[], event: EventContent): string[] {
  const columns: string[] = []
  for (let n = 0; n < COPIES.length; n++) {
    const [column, said] = COPIES[n]!
    if (held[n] !== said(event)) columns.push(column)
  }
  return columns
}
