import { and, desc, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditEvents } from '#drizzle/schema/sqlite'
import { breathe } from './breathe'
import type { Position } from './position'
import type { Narrowed } from './read-narrowed'

/** Events that one statement looks at: a few milliseconds. */
const SLICE = 2_000
/** A page looks at so many slices; then it says how far it came. */
const SLICES = 25

export interface PageOfPositions {
  positions: Position[]
  /** Where the next page goes on, strictly before; null when nothing is left. */
  next: Position | null
}

const { at, seq } = auditEvents
const place = sql`(${at}, ${seq})`
const isBefore = (position: Position | null) => (position ? sql`${place} < (${position.at}, ${position.seq})` : undefined)
const notBefore = (position: Position | null) => (position ? sql`${place} >= (${position.at}, ${position.seq})` : undefined)

/** The places of a page's events, newest first, in slices between which other requests come through. */
export async function readPositions(
  db: Db,
  narrowed: Narrowed,
  { before, limit }: { before: Position | null; limit: number },
): Promise<PageOfPositions> {
  if (narrowed.candidates) return ended(await ofCandidates(db, narrowed, before, limit + 1), limit)
  const positions: Position[] = []
  let from = before
  for (let slice = 0; slice < SLICES; slice++) {
    const end = narrowed.looked ? await endOfSlice(db, narrowed.indexed, from) : null
    const wanted = and(narrowed.indexed, narrowed.looked, isBefore(from), notBefore(end))
    positions.push(...(await newest(db, wanted, limit + 1 - positions.length)))
    if (positions.length > limit || end === null) return ended(positions, limit)
    from = end
    await breathe()
  }
  return { positions, next: from }
}

function ended(positions: Position[], limit: number): PageOfPositions {
  const page = positions.slice(0, limit)
  return { positions: page, next: positions.length > limit ? page.at(-1)! : null }
}

function newest(db: Db, wanted: SQL | undefined, limit: number): Promise<Position[]> {
  return db.select({ at, seq }).from(auditEvents).where(wanted).orderBy(desc(at), desc(seq)).limit(limit)
}

/** The last event of the next slice; null when fewer are left. */
async function endOfSlice(db: Db, indexed: SQL | undefined, from: Position | null): Promise<Position | null> {
  const rows = db
    .select({ at, seq })
    .from(auditEvents)
    .where(and(indexed, isBefore(from)))
  return (
    (
      await rows
        .orderBy(desc(at), desc(seq))
        .limit(1)
        .offset(SLICE - 1)
    )[0] ?? null
  )
}

/** The plus keeps SQLite from walking the timeline: the few that are named are read and sorted. */
function ofCandidates(
  db: Db,
  { indexed, looked, candidates }: Narrowed,
  from: Position | null,
  limit: number,
): Promise<Position[]> {
  const rest = and(indexed, looked, isBefore(from))
  return db
    .select({ at, seq })
    .from(auditEvents)
    .where(and(inArray(seq, candidates!), rest))
    .orderBy(sql`+${at} desc`, sql`+${seq} desc`)
    .limit(limit)
}
