import { transaction } from '#drizzle/transaction'
import type { IngestId } from '#shared/schemas/ingest'
import { othersTurn } from '#server/platform/breathe'
import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { append, type EventDetails, sourceAction } from '#server/services/audit'
import { type AnySource, type Batch, EVENTS_AT_ONCE, type IngestedEvent, type Receipt } from './contract'
import { fit } from './fit'
import { addProgress, insertRejects } from './store'
import { type OwnerOf, ownersOfEvents } from './tenant-of'

/**
 * Stores what a source said: each event once for ever by (source, externalId), and the cursor in the transaction of the events that it
 * stands behind. A batch of more than `EVENTS_AT_ONCE` takes several transactions, of which the last one moves the cursor: after a death in
 * between the same events must come again under the same ids, and are known.
 * @throws what the store throws; what was committed before stays, and is known when it comes again
 */
export async function appendIngested(ctx: Context, source: Pick<AnySource, 'id' | 'vocabulary'>, batch: Batch): Promise<Receipt> {
  // Not the request's: events that came together do not belong together.
  const world = actingAs(ctx, SYSTEM_ACTOR, 'all', 'system')
  const events = batch.events.map(fit)
  const ownerOf = await ownersOfEvents(world, events)
  const total: Receipt = { accepted: 0, duplicate: 0 }
  for (let from = 0; from === 0 || from < events.length; from += EVENTS_AT_ONCE) {
    const isLast = from + EVENTS_AT_ONCE >= events.length
    const slice = { source, ownerOf, events: events.slice(from, from + EVENTS_AT_ONCE), rest: isLast ? batch : null }
    const { accepted, duplicate } = await appendSlice(world, slice)
    total.accepted += accepted
    total.duplicate += duplicate
    if (!isLast) await othersTurn()
  }
  return total
}

interface Slice {
  source: { id: IngestId; vocabulary: AnySource['vocabulary'] }
  ownerOf: OwnerOf
  events: IngestedEvent[]
  /** What goes with the last slice of a batch. */
  rest: Batch | null
}

function appendSlice(ctx: Context, { source, ownerOf, events, rest }: Slice): Promise<Receipt> {
  return transaction(ctx, async (inside) => {
    const receipt: Receipt = { accepted: 0, duplicate: 0 }
    for (const event of events) {
      const isNew = await append(inside, sourceAction(source.vocabulary, event.type), detailsOf(source, event, ownerOf))
      receipt[isNew ? 'accepted' : 'duplicate']++
    }
    const rejects = rest?.rejects ?? []
    await addProgress(inside.tx, source.id, {
      ...receipt,
      ...{ skipped: rest?.skipped ?? 0, bad: rejects.length, cursor: rest?.cursor, completeTo: rest?.completeTo },
      ...(events.length > 0 && { lastEventAt: Math.min(ctx.now(), Math.max(...events.map((event) => event.at))) }),
    })
    await insertRejects(inside.tx, source.id, ctx.now(), rejects)
    return receipt
  })
}

function detailsOf({ vocabulary }: Slice['source'], event: IngestedEvent, ownerOf: OwnerOf): EventDetails {
  const { externalId, at, outcome, actor, resource, data } = event
  const owner = ownerOf(event)
  return {
    ...{ outcome, actor, resource, data, origin: { source: vocabulary, externalId, at } },
    ...(owner && { tenantId: owner.id, partnerId: owner.partnerId }),
  }
}
