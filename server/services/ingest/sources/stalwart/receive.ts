import { createHash } from 'node:crypto'
import { storageFault } from '#drizzle/client'
import { ServiceError } from '#shared/errors'
import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import type { Incoming, IngestedEvent, Receipt, Reject } from '../../contract'
import { type OpenSource, openSource } from '../../open-source'
import { LARGEST_BODY_BYTES, readSigned } from '../../read-incoming'
import { mapEvent } from './map-event'
import { Pseudonyms } from './pseudonyms'
import { readEvent, type StalwartEvent } from './read-event'
import type { StalwartSettings } from './settings'
import { type Span, splitBatch } from './split-batch'

/** What is stored together, events and what is none: by the thousand they are stored by a thread (`appendIngested`). */
const PORTION = 512
/** What is read in one turn of the event loop, some milliseconds: so many events, and no more values in them than this. */
const PART_EVENTS = 32
const PART_VALUES = 2_000
/** An event of more would hold the process by itself; one about a message to thousands of people has fewer. */
const MOST_VALUES = 5_000
const HOUR_MS = 3_600_000
const DISK_RETRY_MS = 5_000

export interface BatchReceipt extends Receipt {
  /** Older than the settings allow. */
  skipped: number
  /** What could not be read as an event. */
  bad: number
}

/**
 * Takes a batch of Stalwart's webhook: when it answers, all of it stands. The sender drops what is refused for five minutes, so that nothing
 * in a signed batch refuses the rest of it, and none is refused for how many there are. What comes again is known by what it says and by how
 * often the batch says so, never by its `id`: a later version gives a new one each time, an earlier one gives two events the same.
 * @throws ServiceError as `openSource` and `readSigned` do; BAD_REQUEST when it is no batch; BACKPRESSURE when the disk is full
 */
export async function receiveStalwart(ctx: Context, incoming: Incoming): Promise<BatchReceipt> {
  const source = await openSource(ctx, 'stalwart')
  const { secrets = [], refuseAfterHours } = source.settings as StalwartSettings
  const body = await readSigned(ctx, { id: 'stalwart', secrets, limitBytes: LARGEST_BODY_BYTES }, incoming)
  const oldest = refuseAfterHours === undefined ? -Infinity : ctx.now() - refuseAfterHours * HOUR_MS
  try {
    return await store({ ctx, source, body, oldest }, await spansOf(body))
  } catch (error) {
    throw diskFull(error) ?? error
  }
}

async function spansOf(body: Buffer): Promise<Span[]> {
  const steps = splitBatch(body)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await breathe()
  }
}

interface Batch {
  ctx: Context
  source: OpenSource
  body: Buffer
  /** Events before it are left out, milliseconds. */
  oldest: number
}

async function store(batch: Batch, spans: Span[]): Promise<BatchReceipt> {
  const total: BatchReceipt = { accepted: 0, duplicate: 0, skipped: 0, bad: 0 }
  const people = new Pseudonyms(batch.ctx)
  const twinOf = countTwins()
  let newest = -Infinity
  let portion = newPortion()
  for (const { part, isLast } of partsOf(spans)) {
    const { events, rejects } = readPart(batch, part)
    const young = events.filter(({ at }) => at >= batch.oldest)
    await people.meet(young)
    for (const { at } of young) newest = Math.max(newest, at)
    for (const event of young) portion.events.push(mapEvent(event, twinOf(event), people.idOf))
    portion.rejects.push(...rejects)
    portion.skipped += events.length - young.length
    if (isLast || portion.events.length + portion.rejects.length >= PORTION) {
      // Whatever the sender still had is in this batch: it is complete to the newest that it told.
      const completeTo = isLast && newest > -Infinity ? Math.min(newest, batch.ctx.now()) : undefined
      const receipt = await batch.source.append({ ...portion, completeTo })
      total.accepted += receipt.accepted
      total.duplicate += receipt.duplicate
      total.skipped += portion.skipped
      total.bad += portion.rejects.length
      portion = newPortion()
    }
    await breathe()
  }
  return total
}

/** What is stored together. */
const newPortion = () => ({ events: [] as IngestedEvent[], rejects: [] as Reject[], skipped: 0 })

/** The events of a batch in turns of the event loop. An empty batch is one of them: the source is well. */
function* partsOf(spans: Span[]): Generator<{ part: Span[]; isLast: boolean }> {
  for (let from = 0, to = 0; from === 0 || from < spans.length; from = to) {
    for (let values = 0; to < spans.length && to - from < PART_EVENTS && (to === from || values < PART_VALUES); to++)
      values += Math.min(spans[to]!.values, MOST_VALUES)
    yield { part: spans.slice(from, to), isLast: to >= spans.length }
    if (spans.length === 0) return
  }
}

/** How many of the same event a batch told before. */
function countTwins(): (event: StalwartEvent) => number {
  const seen = new Map<string, number>()
  return ({ digest }) => {
    const before = seen.get(digest) ?? 0
    seen.set(digest, before + 1)
    return before
  }
}

function readPart({ ctx, body }: Batch, spans: Span[]): { events: StalwartEvent[]; rejects: Reject[] } {
  const events: StalwartEvent[] = []
  const rejects: Reject[] = []
  for (const { start, end, values } of spans) {
    const bytes = body.subarray(start, end)
    const event = values > MOST_VALUES ? null : readEvent(bytes)
    // Keyed: a plain digest that stands in the log for ever would confirm a guess at an address in the event.
    if (event) events.push({ ...event, digest: ctx.secrets.tag('stalwart-event', event.digest) })
    else rejects.push(rejected(bytes, start))
  }
  return { events, rejects }
}

const rejected = (bytes: Buffer, offset: number): Reject => ({
  ...{ place: '/ingest/stalwart/webhook', offset, length: bytes.length, reason: 'not-an-event' },
  digest: createHash('sha256').update(bytes).digest('hex'),
})

/** The one thing that a signed batch is refused for: there is nowhere to put it. */
function diskFull(error: unknown): ServiceError | null {
  const fault = storageFault(error) ?? storageFault((error as { cause?: unknown } | null)?.cause)
  if (fault !== 'the disk is full') return null
  return new ServiceError('BACKPRESSURE', 'The disk is full', { retryAfterMs: DISK_RETRY_MS, cause: error })
}
