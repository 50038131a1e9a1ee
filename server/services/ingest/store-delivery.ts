import type { Context } from '#server/platform/context'
import type { IngestId } from '#shared/schemas/ingest'
import { appendPrepared, type Prepared } from '#server/services/audit'
import type { Receipt, Reject } from './contract'
import { addProgress, insertRejects, type Progress } from './store'

/** What is stored in one transaction: events, and how far their source has come with them. */
export interface Delivery {
  sourceId: IngestId
  events: readonly Prepared[]
  progress: Omit<Progress, keyof Receipt | 'bad'>
  rejects: readonly Reject[]
  /** Milliseconds since 1970. */
  now: number
}

/** What storing a delivery needs of the world. */
export type DeliveryContext = Pick<Context, 'secrets'> & { tx: NonNullable<Context['tx']> }

/** Stores a delivery in the caller's transaction. */
export async function storeDelivery(
  ctx: DeliveryContext,
  { sourceId, events, progress, rejects, now }: Delivery,
): Promise<Receipt> {
  const receipt: Receipt = { accepted: 0, duplicate: 0 }
  const appending = { ...ctx, keys: new Map<string, Buffer>() }
  for (const event of events) receipt[(await appendPrepared(appending, event)) ? 'accepted' : 'duplicate']++
  await addProgress(ctx.tx, sourceId, { ...progress, ...receipt, bad: rejects.length })
  await insertRejects(ctx.tx, sourceId, now, rejects)
  return receipt
}
