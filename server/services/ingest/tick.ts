import type { IngestId } from '#shared/schemas/ingest'
import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { acquireLease, type Lease, releaseLease, renewLease } from '#server/platform/lease'
import { appendIngested } from './append-ingested'
import { type AnySource, type Batch, type Receipt, SourceFault, type SourceWork } from './contract'
import { machineOf } from './machine'
import { isDue, noteFailure, noteStart, noteSuccess } from './note-tick'
import { effectiveSettings, isConfigured } from './settings'
import { SOURCES, sourceOf } from './sources'
import { readSource, readSources } from './store'

/** Renewed with every batch; a source that stores nothing for so long may be taken over. */
const LEASE_MS = 120_000

/** Begins a tick of every source whose time has come and that is not at it still. Waits for none: a slow one holds up nobody. */
export async function startDueSources(ctx: Context): Promise<void> {
  if (!ctx.config.ingest.enabled || machineOf(ctx).stopping.signal.aborted) return
  const rowOf = await readSources(ctx.database.read)
  for (const source of Object.values(SOURCES)) {
    const row = rowOf(source.id)
    if (!source.tick || row.paused || !isDue(row, ctx.now()) || !isConfigured(ctx, source, row)) continue
    void tickSource(ctx, source.id)
  }
}

/** One tick of one source, or the one that is under way. Never rejects: what went wrong is told on the source. */
export function tickSource(ctx: Context, id: IngestId): Promise<void> {
  const { running } = machineOf(ctx)
  const known = running.get(id)
  if (known) return known
  const world = actingAs(ctx, SYSTEM_ACTOR, 'all', 'system')
  const tick = tickUnderLease(world, sourceOf(id))
    .catch((error: unknown) => ctx.log.error('A source could not be ticked', { component: `ingest.${id}`, cause: named(error) }))
    .finally(() => running.delete(id))
  running.set(id, tick)
  return tick
}

async function tickUnderLease(ctx: Context, source: AnySource): Promise<void> {
  const lease = await acquireLease(ctx, `ingest.${source.id}`, machineOf(ctx).owner, LEASE_MS)
  if (!lease) return
  try {
    await tickHeld(ctx, source, lease)
  } finally {
    await releaseLease(ctx, lease)
  }
}

async function tickHeld(ctx: Context, source: AnySource, lease: Lease): Promise<void> {
  const row = await readSource(ctx.database.read, source.id)
  try {
    const { settings, fromEnvironment, basis } = effectiveSettings(ctx, source, row)
    if (!source.isConfigured(settings, ctx.config)) return
    const isNew = row.basis !== basis
    const cursor = isNew ? null : row.cursor
    await noteStart(ctx, source, { basis, isNew })
    const { signal } = machineOf(ctx).stopping
    const work: SourceWork = { ctx, settings, fromEnvironment, cursor, signal, append: appendUnder(ctx, source, lease) }
    await noteSuccess(ctx, source, (await source.tick?.(work)) ?? {})
  } catch (error) {
    if (machineOf(ctx).stopping.signal.aborted || error instanceof LeaseLost) return
    if (!(error instanceof SourceFault))
      ctx.log.error('A source failed', { component: `ingest.${source.id}`, cause: named(error) })
    await noteFailure(ctx, source, error)
  }
}

/** Another process took the source over, after this one stood still for too long. */
class LeaseLost extends Error {}

function appendUnder(ctx: Context, source: AnySource, lease: Lease): (batch: Batch) => Promise<Receipt> {
  return async (batch) => {
    if (!(await renewLease(ctx, lease, LEASE_MS))) throw new LeaseLost()
    return appendIngested(ctx, source, batch)
  }
}

/** Its kind alone: the words of an error may hold what a source said. */
const named = (error: unknown) => (error instanceof Error ? error.name : typeof error)
