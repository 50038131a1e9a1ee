import { transaction } from '#drizzle/transaction'
import { breathe } from '#server/platform/breathe'
import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { type EventDetails, prepare, type Prepared, sourceAction } from '#server/services/audit'
import { bulkOf } from './bulk'
import { DELIVERY_EVENTS } from './bulk/rounds'
import { type AnySource, type Batch, EVENTS_AT_ONCE, type IngestedEvent, type Receipt } from './contract'
import { fit } from './fit'
import { machineOf } from './machine'
import { type Delivery, storeDelivery } from './store-delivery'
import { type OwnerOf, ownersOfEvents } from './tenant-of'

/** So many events under way in this process are stored by a thread. */
const MANY_EVENTS = 256
/** Events that are made in one turn of the event loop, a millisecond: a transaction may be open, and waits for it. */
const EVENTS_A_TURN = 16

type SourceOfEvents = Pick<AnySource, 'id' | 'vocabulary'>

/**
 * Stores what a source said: each event once for ever by (source, externalId), and the cursor in the transaction of the events that it
 * stands behind. A batch of more than `EVENTS_AT_ONCE` takes several transactions, of which the last one moves the cursor: after a death in
 * between the same events must come again under the same ids, and are known.
 * @throws what the store throws; what was committed before stays, and is known when it comes again
 */
export async function appendIngested(ctx: Context, source: SourceOfEvents, batch: Batch): Promise<Receipt> {
  const machine = machineOf(ctx)
  machine.eventsUnderWay += batch.events.length
  try {
    return await appendAll(ctx, source, batch)
  } finally {
    machine.eventsUnderWay -= batch.events.length
  }
}

async function appendAll(ctx: Context, source: SourceOfEvents, batch: Batch): Promise<Receipt> {
  // Not the request's: events that came together do not belong together.
  const world = actingAs(ctx, SYSTEM_ACTOR, 'all', 'system')
  const { events } = batch
  const ownerOf = await ownersOfEvents(world, events)
  const total: Receipt = { accepted: 0, duplicate: 0 }
  for (let from = 0; from === 0 || from < events.length;) {
    const isMany = areMany(world)
    const to = from + (isMany ? DELIVERY_EVENTS : EVENTS_AT_ONCE)
    const slice = { source, ownerOf, events: events.slice(from, to), rest: to >= events.length ? batch : null }
    from = to
    const delivery = await inTurn(world, () => deliveryOf(world, slice))
    const { accepted, duplicate } = (isMany ? await inThread(world, delivery) : null) ?? (await here(world, delivery))
    total.accepted += accepted
    total.duplicate += duplicate
    if (to < events.length) await breathe()
  }
  return total
}

function areMany(ctx: Context): boolean {
  if (ctx.tx) return false
  const bulk = bulkOf(ctx)
  return (machineOf(ctx).eventsUnderWay >= MANY_EVENTS || bulk.isAtWork) && bulk.makeReady()
}

const inThread = (ctx: Context, delivery: Delivery) =>
  bulkOf(ctx)
    .deliver(delivery)
    // Whether it stands, or the thread has gone since it was counted on: events that stand are known when they come again.
    .catch(() => null)

const here = (ctx: Context, delivery: Delivery) => transaction(ctx, (inside) => storeDelivery(inside, delivery))

/** One at a time: many side by side would hold up whoever has a turn of the event loop between two of them. */
function inTurn<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  const machine = machineOf(ctx)
  const done = machine.preparing.then(work)
  machine.preparing = done.catch(() => undefined)
  return done
}

interface Slice {
  source: SourceOfEvents
  ownerOf: OwnerOf
  events: readonly IngestedEvent[]
  /** What goes with the last slice of a batch. */
  rest: Batch | null
}

async function deliveryOf(ctx: Context, { source, ownerOf, events, rest }: Slice): Promise<Delivery> {
  const prepared: Prepared[] = []
  for (const [n, event] of events.entries()) {
    if (n > 0 && n % EVENTS_A_TURN === 0) await breathe()
    prepared.push(prepare(ctx, sourceAction(source.vocabulary, event.type), detailsOf(source, fit(event), ownerOf)))
  }
  const lastEventAt = events.length > 0 ? Math.min(ctx.now(), Math.max(...prepared.map(({ row }) => row.at))) : undefined
  return {
    ...{ sourceId: source.id, events: prepared, rejects: rest?.rejects ?? [], now: ctx.now() },
    progress: {
      ...{ skipped: rest?.skipped ?? 0, cursor: rest?.cursor, completeTo: rest?.completeTo },
      ...{ lastEventAt, wellAt: rest?.wellAt },
    },
  }
}

function detailsOf({ vocabulary }: Slice['source'], event: IngestedEvent, ownerOf: OwnerOf): EventDetails {
  const { externalId, at, outcome, actor, resource, data } = event
  const owner = ownerOf(event)
  return {
    ...{ outcome, actor, resource, data, origin: { source: vocabulary, externalId, at } },
    ...(owner && { tenantId: owner.id, partnerId: owner.partnerId }),
  }
}
