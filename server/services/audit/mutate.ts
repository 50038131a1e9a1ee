import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { AnyAction } from './actions'
import { append } from './append'
import type { EventDetails } from './prepare'

/** What a verb's body hands back: its value, and one event for each thing that it changed (none when nothing changed). */
export interface Mutation<T> {
  value: T
  events: (EventDetails & { action?: AnyAction })[]
}

/**
 * The one way to change something: runs the body in a transaction and writes its events in the same one, so that no change exists
 * without its event. An event may name another action than the verb's own.
 */
export function mutate<T>(
  ctx: Context,
  action: AnyAction,
  body: (ctx: Context & { tx: NonNullable<Context['tx']> }) => Promise<Mutation<T>>,
): Promise<T> {
  return transaction(ctx, async (inside) => {
    const { value, events } = await body(inside)
    for (const { action: own, ...details } of events) await append(inside, own ?? action, details)
    return value
  })
}

/** Before and after of the fields that differ, as event data. Lists are told as text. */
export function changesOf<T extends object>(
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): Record<string, string | number | boolean> {
  const changes: Record<string, string | number | boolean> = {}
  for (const field of fields) {
    const [was, is] = [asScalar(before[field]), asScalar(after[field])]
    if (was === is) continue
    if (was !== null) changes[`${field}.before`] = was
    if (is !== null) changes[`${field}.after`] = is
  }
  return changes
}

function asScalar(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value)
}
