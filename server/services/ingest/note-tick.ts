import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { storageFault } from '#drizzle/client'
import type { SourceFaultToken } from '#shared/schemas/ingest'
import { type AnySource, SourceFault, type Ticked } from './contract'
import { changeSource, type SourceRow } from './store'

const RETRY_MS = 60_000
/** A source that asks to be left alone for a day is asked again after this. */
const LONGEST_WAIT_MS = 3_600_000

/** Whether a source's time has come. One that is due later than any wait was told so before the clock was set back. */
export const isDue = ({ nextDueAt }: SourceRow, now: number): boolean => nextDueAt <= now || nextDueAt > now + LONGEST_WAIT_MS

/** Before the first event: whatever cursor stands there from now on belongs to these settings. */
export function noteStart(ctx: Context, source: AnySource, { basis, isNew }: { basis: string; isNew: boolean }): Promise<void> {
  return note(ctx, source, { basis, lastRunAt: ctx.now(), ...(isNew && { cursor: null }) })
}

export function noteSuccess(ctx: Context, source: AnySource, { more = false, note: said = null }: Ticked): Promise<void> {
  const now = ctx.now()
  const nextDueAt = more ? now : now + (source.everyMs ?? RETRY_MS)
  return note(ctx, source, { lastOkAt: now, lastError: null, lastErrorAt: null, note: said, nextDueAt })
}

export function noteFailure(ctx: Context, source: AnySource, error: unknown): Promise<void> {
  const now = ctx.now()
  const asked = error instanceof SourceFault ? (error.retryAfterMs ?? 0) : 0
  const wait = Math.min(Math.max(source.everyMs ?? RETRY_MS, asked), LONGEST_WAIT_MS)
  return note(ctx, source, { lastError: tokenOf(error), lastErrorAt: now, nextDueAt: now + wait })
}

export function tokenOf(error: unknown): SourceFaultToken {
  if (error instanceof SourceFault) return error.token
  const cause = (error as { cause?: unknown } | null)?.cause
  return (storageFault(error) ?? storageFault(cause)) ? 'storage' : 'internal'
}

function note(ctx: Context, { id }: AnySource, changes: Partial<SourceRow>): Promise<void> {
  return transaction(ctx, ({ tx }) => changeSource(tx, id, changes))
}
