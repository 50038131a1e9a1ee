import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import type { AnyAction } from './actions'
import { append } from './append'
import type { EventDetails } from './prepare'

/** What the caller waits for at most; an event takes milliseconds where the store is well. */
const PATIENCE_MS = 2_000
const SETTLE_MS = 1_000
const RETRY_PAUSES_MS = [0, 100, 1_000, 5_000]
/** More of them at once are lost at once: a store that does not answer must not fill the memory. */
const PENDING = 1_000

const pending = new Set<Promise<void>>()
/** How many happenings this process could not record. */
let lost = 0

/** Waits until what is being recorded stands; a second at most, before the database closes. */
export async function settleHappenings(): Promise<void> {
  await within(SETTLE_MS, Promise.all(pending))
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise<void>((done) => (timer = setTimeout(done, limitMs)))])
  clearTimeout(timer)
}

/**
 * Records a happening that is no change of ours (a refusal, a read): best effort, retried, counted and logged when lost. The caller
 * waits two seconds at most, and never sees it fail.
 */
export async function recordHappening(ctx: Context, action: AnyAction, details: EventDetails): Promise<void> {
  if (pending.size >= PENDING) return lose(ctx)
  const work: Promise<void> = record(ctx, action, details).finally(() => pending.delete(work))
  pending.add(work)
  await within(PATIENCE_MS, work)
}

async function record(ctx: Context, action: AnyAction, details: EventDetails): Promise<void> {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      if (pauseMs > 0) await new Promise((done) => setTimeout(done, pauseMs).unref())
      await transaction(ctx, (inside) => append(inside, action, details))
      return
    } catch {
      continue
    }
  }
  lose(ctx)
}

function lose(ctx: Context): void {
  lost++
  ctx.log.error(`An audit event was lost, ${lost} since the start`, { component: 'audit', requestId: ctx.requestId })
}

/** Reads and refusals of one kind by one caller within this are one event. */
export const REPEAT_WINDOW_MS = 15 * 60_000
const CALLERS = 10_000

const windows = new WeakMap<Context['database'], Map<string, { since: number; repeated: number }>>()

/**
 * The same for what a page refresh or a loop repeats: the first of an actor, from an address, of this action and resource is an event,
 * what follows within a quarter of an hour is counted, and the next event after that says how many there were (`repeated`).
 */
export async function recordRepeated(ctx: Context, action: AnyAction, details: EventDetails): Promise<void> {
  const held = windows.get(ctx.database) ?? new Map<string, { since: number; repeated: number }>()
  windows.set(ctx.database, held)
  const actor = details.actor ?? ctx.actor
  const key = JSON.stringify([actor.id, actor.ip, action, details.resource])
  const known = held.get(key)
  const now = ctx.now()
  // A clock that was set back must not silence anybody.
  if (known && now >= known.since && now - known.since < REPEAT_WINDOW_MS) {
    known.repeated++
    return
  }
  held.delete(key)
  held.set(key, { since: now, repeated: 0 })
  if (held.size > CALLERS) held.delete(held.keys().next().value!)
  await recordHappening(ctx, action, { ...details, data: { ...details.data, repeated: known?.repeated || null } })
}
