import type { IngestId } from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { recordRepeated } from '#server/services/audit'
import { SourceFault } from './contract'
import { noteFailure } from './note-tick'
import { sourceOf } from './sources'

/** Strangers send whatever they like: the source tells of it no oftener than this. */
const QUIET_MS = 60_000

const toldAt = perDatabase(() => new Map<IngestId, number>())

/** A wrong signature is a secret that was changed on one side only, or somebody who tries: both are told, on the source and in the log. */
export async function noteWrongSignature(ctx: Context, id: IngestId): Promise<void> {
  await recordRepeated(ctx, 'ingest_source.signature_refused', { resource: { type: 'ingest_source', id }, outcome: 'failure' })
  const told = toldAt(ctx)
  const now = ctx.now()
  if (Math.abs(now - (told.get(id) ?? -Infinity)) < QUIET_MS) return
  told.set(id, now)
  await noteFailure(ctx, sourceOf(id), new SourceFault('bad-signature'))
}
