import { ServiceError } from '#shared/errors'
import { type IngestId, type IngestSourceTest, SOURCE_FAULTS } from '#shared/schemas/ingest'
import { type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { recordHappening } from '#server/services/audit'
import { requireWholeScope } from './access'
import type { AnySource } from './contract'
import { machineOf } from './machine'
import { tokenOf } from './note-tick'
import { effectiveSettings } from './settings'
import { sourceOf } from './sources'
import { readSource } from './store'

/**
 * Tries the source with its settings as they hold now, and stores no event of it; that it was tried is an event of ours.
 * @throws ServiceError CONFLICT when it is not configured or cannot be tried, FORBIDDEN for a narrowed caller
 */
export async function testSource(ctx: Context, id: IngestId): Promise<IngestSourceTest> {
  requireWholeScope(ctx)
  const source = sourceOf(id)
  if (!source.test) throw new ServiceError('CONFLICT', 'This source sends by itself: there is nothing to try from here')
  const startedAt = performance.now()
  const token = await failureOf(ctx, source)
  await recordHappening(ctx, 'ingest_source.tested', { resource: { type: 'ingest_source', id }, data: { fault: token } })
  const message = token === null ? 'It answers as it should.' : SOURCE_FAULTS[token]
  return { ok: token === null, token, message, latencyMs: Math.round(performance.now() - startedAt) }
}

async function failureOf(ctx: Context, source: AnySource): Promise<keyof typeof SOURCE_FAULTS | null> {
  try {
    const row = await readSource(ctx.db, source.id)
    const { settings, fromEnvironment } = effectiveSettings(ctx, source, row)
    if (!source.isConfigured(settings, ctx.config)) throw new ServiceError('CONFLICT', 'A setting is missing')
    const { signal } = machineOf(ctx).stopping
    await source.test!({ ctx: { ...ctx, actor: SYSTEM_ACTOR }, settings, fromEnvironment, cursor: null, signal })
    return null
  } catch (error) {
    if (error instanceof ServiceError) throw error
    return tokenOf(error)
  }
}
