import { ServiceError } from '#shared/errors'
import type { IngestId } from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { appendIngested } from './append-ingested'
import { type Batch, type Receipt, SourceFault } from './contract'
import { effectiveSettings, type Settings } from './settings'
import { sourceOf } from './sources'
import { readSource } from './store'

/** A source that is sent to, ready to take events. */
export interface OpenSource {
  settings: Settings
  /** Stores what came, and notes that the source is well. */
  append(batch: Batch): Promise<Receipt>
}

/**
 * For what a source sends by itself.
 * @throws ServiceError BACKPRESSURE while receiving is switched off or the source is paused, NOT_FOUND when it has no secret,
 * INTERNAL when its stored secret does not open
 */
export async function openSource(ctx: Context, id: IngestId): Promise<OpenSource> {
  if (!ctx.config.ingest.enabled)
    throw new ServiceError('BACKPRESSURE', 'Receiving is switched off here', { retryAfterMs: 60_000 })
  const source = sourceOf(id)
  const row = await readSource(ctx.database.read, id)
  const { settings } = settingsOrFail(() => effectiveSettings(ctx, source, row))
  if (!source.isConfigured(settings, ctx.config)) throw new ServiceError('NOT_FOUND', 'There is nothing here')
  if (row.paused) throw new ServiceError('BACKPRESSURE', 'This source is paused', { retryAfterMs: 60_000 })
  return {
    settings,
    append: (batch) => appendIngested(ctx, source, { ...batch, wellAt: ctx.now() }),
  }
}

function settingsOrFail<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause
    throw new ServiceError('INTERNAL', 'A stored setting of this source cannot be used: give it again', { cause })
  }
}
