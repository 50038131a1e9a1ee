import { and, asc, desc, eq, gte, max, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { oneOf } from '#drizzle/prepared'
import { auditEvents } from '#drizzle/schema/sqlite'
import { breathe } from '#server/platform/breathe'
import type { Position } from './position'
import { skipOver } from './read-hours'
import type { Narrowed } from './read-narrowed'
import { matchingAmong } from './read-search'

/** Events that one statement looks at: a few milliseconds. */
const SLICE = 2_000
/** A page looks at so many slices; then it says how far it came. */
const SLICES = 25

export interface PageOfPositions {
  positions: Position[]
  /** Where the next page goes on, strictly before; null when nothing is left. */
  next: Position | null
}

/** A stretch of the timeline: what matches in it, and its last event, null when it is the last stretch. */
export interface Slice {
  wanted: SQL | undefined
  end: Position | null
}

const { at, seq } = auditEvents
const place = sql`(${at}, ${seq})`

/**
 * The timeline of a filter before one position and down to another, or to where its range begins. One bound on each side: of two, SQLite
 * may take the wider one to its index and walk all that lies between them.
 */
function between({ indexed, since }: Narrowed, before: Position | null, end: Position | null): SQL | undefined {
  const begins = since === undefined ? undefined : gte(at, since)
  return and(
    indexed,
    before ? sql`${place} < (${before.at}, ${before.seq})` : undefined,
    end ? sql`${place} >= (${end.at}, ${end.seq})` : begins,
  )
}

/** Where a filter's timeline starts: what is asked for lies strictly before. */
function startOf({ until }: Narrowed, before: Position | null): Position | null {
  if (until === undefined || (before && before.at < until)) return before
  return { at: until, seq: 0 }
}

/** The places of a page's events, newest first, in slices between which other requests come through. */
export async function readPositions(
  db: Db,
  narrowed: Narrowed,
  { before, limit }: { before: Position | null; limit: number },
): Promise<PageOfPositions> {
  const positions: Position[] = []
  let slices = 0
  // What an index answers alone needs no slices: the limit ends it.
  const stretches = narrowed.isLooked
    ? slicesOf(db, narrowed, before)
    : [{ wanted: between(narrowed, startOf(narrowed, before), null), end: null }]
  for await (const { wanted, end } of stretches) {
    positions.push(...(await newest(db, wanted, { limit: limit + 1 - positions.length, few: narrowed.candidates !== null })))
    if (positions.length > limit) break
    if (++slices === SLICES && end) return { positions, next: end }
    await breathe()
  }
  const page = positions.slice(0, limit)
  return { positions: page, next: positions.length > limit ? page.at(-1)! : null }
}

/** The timeline before a position, cut so that each slice is looked at within milliseconds. */
export async function* slicesOf(db: Db, narrowed: Narrowed, before: Position | null): AsyncGenerator<Slice> {
  const { looked, kinds, match, candidates } = narrowed
  const start = startOf(narrowed, before)
  if (candidates)
    return yield { wanted: and(oneOf(seq, candidates), unindexed(looked, between(narrowed, start, null))), end: null }
  const skip = skipOver(db, kinds)
  for (let from = skip(start); ;) {
    const end = await endOfSlice(db, between(narrowed, from, null))
    const range = between(narrowed, from, end)
    const found = match === null ? undefined : oneOf(seq, await matchingIn(db, match, range))
    yield { wanted: and(range, looked, found), end }
    if (end === null) return
    from = skip(end)
  }
}

/** The plus keeps SQLite from walking all events of a tenant or an actor where few are named. */
function unindexed(...conditions: (SQL | undefined)[]): SQL | undefined {
  const all = and(...conditions)
  return all && sql`+(${all})`
}

async function matchingIn(db: Db, match: string, range: SQL | undefined): Promise<number[]> {
  const events = await db.select({ seq }).from(auditEvents).where(range)
  return matchingAmong(
    db,
    match,
    events.map((event) => event.seq),
  )
}

/** The plus keeps SQLite from walking the timeline where few are named: they are read and sorted. */
function newest(db: Db, wanted: SQL | undefined, { limit, few }: { limit: number; few: boolean }): Promise<Position[]> {
  const order = few ? [sql`+${at} desc`, sql`+${seq} desc`] : [desc(at), desc(seq)]
  return db
    .select({ at, seq })
    .from(auditEvents)
    .where(wanted)
    .orderBy(...order)
    .limit(limit)
}

/** The last event of the next slice; null when fewer are left. */
async function endOfSlice(db: Db, left: SQL | undefined): Promise<Position | null> {
  const rows = db.select({ at, seq }).from(auditEvents).where(left)
  return (
    (
      await rows
        .orderBy(desc(at), desc(seq))
        .limit(1)
        .offset(SLICE - 1)
    )[0] ?? null
  )
}

/** The admission number of an event that fits; null when there is none. */
export async function seqOfEvent(db: Db, id: string, { indexed, looked }: Narrowed): Promise<number | null> {
  const wanted = and(eq(auditEvents.id, id), indexed, looked)
  return (await db.select({ seq }).from(auditEvents).where(wanted).orderBy(asc(seq)).limit(1))[0]?.seq ?? null
}

/** The event that was admitted last: what comes later is not in a list that begins now. */
export async function lastAdmitted(db: Db): Promise<number> {
  return (await db.select({ seq: max(seq) }).from(auditEvents))[0]?.seq ?? 0
}
