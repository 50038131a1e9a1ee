import { transaction } from '#drizzle/transaction'
import type { Turn } from '#drizzle/write-queue'
import type { Context } from '#server/platform/context'
import { publish } from '#server/platform/live'
import { leafHash, NO_LEAF } from './leaf'
import { toldOf } from './read-told'
import { rootOf } from './merkle'
import { TILE } from './proofs'
import { fillSideTables } from './store-side'
import {
  currentLog,
  hashesOf,
  headOf,
  insertLeaf,
  insertTile,
  leaveQueue,
  type Log,
  type Queued,
  queuedEvents,
} from './store-log'

/** Events of one transaction. */
const SLICE = 256

type Placing = Pick<Context, 'database' | 'now' | 'tx'>

/**
 * Stage 2: gives what waits its place in the log of its scope, oldest admission first, until nothing waits.
 * @returns how many events were placed
 */
export async function sequence(ctx: Placing): Promise<number> {
  for (let placed = 0; ;) {
    const count = await placeSlice(ctx, SLICE)
    placed += count
    if (count < SLICE) return placed
  }
}

type Tx = NonNullable<Context['tx']>

/**
 * Places up to `size` events in one transaction, soon after it is asked for however many wait to write. It reads the head itself, so two
 * at once, or a death at any point, make neither gap nor fork.
 * @returns how many there were
 */
export function placeSlice(ctx: Placing, size: number, turn: Turn = 'next'): Promise<number> {
  return transaction(ctx, (inside) => place(inside, queuedEvents(inside.tx, size)), turn)
}

async function place(ctx: Placing & { tx: Tx }, queued: readonly Queued[]): Promise<number> {
  const { tx } = ctx
  for (const [scope, events] of byScope(queued)) await placeInLog(tx, await currentLog(tx, scope), events)
  if (queued.length === 0) return 0
  fillSideTables(tx, queued)
  await leaveQueue(tx, queued)
  // One for a slice: thousands of events a second must not push what else is told out of the stream.
  await publish(ctx, 'audit', null, await toldOf(tx, queued))
  return queued.length
}

function byScope(queued: readonly Queued[]): Map<string, Queued[]> {
  const scopes = new Map<string, Queued[]>()
  for (const event of queued) {
    const events = scopes.get(event.scope)
    if (events) events.push(event)
    else scopes.set(event.scope, [event])
  }
  return scopes
}

/** Chains events to the head of a log, and writes each tile that becomes full. */
export async function placeInLog(tx: Tx, log: Log, events: readonly Queued[]): Promise<void> {
  const head = await headOf(tx, log.id)
  let [index, prev]: [number, Buffer] = [head?.size ?? 0, head?.hash ?? NO_LEAF]
  for (const { seq, contentHash } of events) {
    const hash = leafHash({ content: contentHash, index, prev, scope: log.scope })
    await insertLeaf(tx, { eventSeq: seq, logId: log.id, leafIndex: index, hash })
    ;[index, prev] = [index + 1, hash]
    if (index % TILE === 0) await fillTiles(tx, log.id, index)
  }
}

/** A tile of leaves became full at `size`; it may be the last entry of the tile above it, and so on. */
async function fillTiles(tx: Tx, logId: number, size: number): Promise<void> {
  for (let [level, entries] = [0, size]; entries % TILE === 0; [level, entries] = [level + 1, entries / TILE]) {
    const hashes = await hashesOf(tx, { logId, level, from: entries - TILE, count: TILE })
    await insertTile(tx, {
      ...{ logId, level, tileIndex: entries / TILE - 1 },
      ...{ root: rootOf(hashes), hashes: Buffer.concat(hashes) },
    })
  }
}
