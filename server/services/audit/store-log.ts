import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { preparedInsert } from '#drizzle/prepared-insert'
import { auditEvents, auditLeaves, auditLogs, auditTiles, auditUnsequenced } from '#drizzle/schema/sqlite'
import type { TreeSource } from './proofs'

export type Log = typeof auditLogs.$inferSelect

/** An event that waits for its place. */
export interface Queued {
  seq: number
  scope: string
  contentHash: Buffer
}

/** Events without a leaf, in the order of their admission. */
export function queuedEvents(db: Db, limit: number): Promise<Queued[]> {
  return db
    .select({ seq: auditEvents.seq, scope: auditEvents.scope, contentHash: auditEvents.contentHash })
    .from(auditUnsequenced)
    .innerJoin(auditEvents, eq(auditEvents.seq, auditUnsequenced.eventSeq))
    .leftJoin(auditLeaves, eq(auditLeaves.eventSeq, auditUnsequenced.eventSeq))
    .where(isNull(auditLeaves.eventSeq))
    .orderBy(asc(auditUnsequenced.eventSeq))
    .limit(limit)
}

/** The event that was appended last, in the transaction that appended it. */
export async function lastQueued(tx: Db): Promise<Queued> {
  const [last] = await tx
    .select({ seq: auditEvents.seq, scope: auditEvents.scope, contentHash: auditEvents.contentHash })
    .from(auditUnsequenced)
    .innerJoin(auditEvents, eq(auditEvents.seq, auditUnsequenced.eventSeq))
    .orderBy(desc(auditUnsequenced.eventSeq))
    .limit(1)
  return last!
}

/** Takes what has its leaf now from the queue; a trigger refuses the others. */
export async function leaveQueue(tx: Db, placed: readonly Queued[]): Promise<void> {
  const seqs = placed.map(({ seq }) => seq)
  const [first, last] = [seqs[0]!, seqs.at(-1)!]
  // A range is one statement for every slice; only where an event of it stays behind must they be named.
  const dense = last - first + 1 === seqs.length
  await tx
    .delete(auditUnsequenced)
    .where(
      dense
        ? and(gte(auditUnsequenced.eventSeq, first), lte(auditUnsequenced.eventSeq, last))
        : inArray(auditUnsequenced.eventSeq, seqs),
    )
}

export async function anyQueued(db: Db): Promise<boolean> {
  return (await db.select().from(auditUnsequenced).limit(1)).length > 0
}

/** The log that a scope writes to: its newest generation, made when there is none. */
export async function currentLog(tx: Db, scope: string): Promise<Log> {
  const [log] = await tx.select().from(auditLogs).where(eq(auditLogs.scope, scope)).orderBy(desc(auditLogs.generation)).limit(1)
  return log ?? beginLog(tx, scope, 1)
}

export async function beginLog(tx: Db, scope: string, generation: number): Promise<Log> {
  const [made] = await tx.insert(auditLogs).values({ scope, generation }).returning()
  return made!
}

/** How many leaves a log has and the hash of the last one; null while it has none. */
export async function headOf(db: Db, logId: number): Promise<{ size: number; hash: Buffer } | null> {
  const [last] = await db
    .select({ leafIndex: auditLeaves.leafIndex, hash: auditLeaves.hash })
    .from(auditLeaves)
    .where(eq(auditLeaves.logId, logId))
    .orderBy(desc(auditLeaves.leafIndex))
    .limit(1)
  return last ? { size: last.leafIndex + 1, hash: last.hash } : null
}

export const insertLeaf = preparedInsert(auditLeaves)
export const insertTile = preparedInsert(auditTiles)

/** A stretch of one level: leaf hashes at level 0, at every other the roots of the full tiles below. */
export interface Stretch {
  logId: number
  level: number
  from: number
  count: number
}

/** The hashes of a stretch, in order; fewer where the log is shorter. */
export async function hashesOf(db: Db, { logId, level, from, count }: Stretch): Promise<Buffer[]> {
  if (level === 0) {
    const inStretch = and(gte(auditLeaves.leafIndex, from), lt(auditLeaves.leafIndex, from + count))
    const rows = await db
      .select({ hash: auditLeaves.hash })
      .from(auditLeaves)
      .where(and(eq(auditLeaves.logId, logId), inStretch))
      .orderBy(asc(auditLeaves.leafIndex))
    return rows.map(({ hash }) => hash)
  }
  const inStretch = and(gte(auditTiles.tileIndex, from), lt(auditTiles.tileIndex, from + count))
  const rows = await db
    .select({ root: auditTiles.root })
    .from(auditTiles)
    .where(and(eq(auditTiles.logId, logId), eq(auditTiles.level, level - 1), inStretch))
    .orderBy(asc(auditTiles.tileIndex))
  return rows.map(({ root }) => root)
}

/** The tree of a log, read from its leaves and tiles. */
export function treeOf(db: Db, logId: number): TreeSource {
  return { entries: (stretch) => hashesOf(db, { logId, ...stretch }) }
}

/** Every log with how many leaves it has. */
export async function logsWithSize(db: Db): Promise<(Log & { size: number })[]> {
  const logs = await db.select().from(auditLogs).orderBy(asc(auditLogs.scope), asc(auditLogs.generation))
  return Promise.all(logs.map(async (log) => ({ ...log, size: (await headOf(db, log.id))?.size ?? 0 })))
}

/** Whether a later log of the scope begins with the event of a restore: then what the earlier one lost is declared. */
export async function restoreDeclared(db: Db, { scope, generation }: Pick<Log, 'scope' | 'generation'>): Promise<boolean> {
  const rows = await db
    .select({ seq: auditEvents.seq })
    .from(auditLogs)
    .innerJoin(auditLeaves, and(eq(auditLeaves.logId, auditLogs.id), eq(auditLeaves.leafIndex, 0)))
    .innerJoin(auditEvents, eq(auditEvents.seq, auditLeaves.eventSeq))
    .where(and(eq(auditLogs.scope, scope), gt(auditLogs.generation, generation), eq(auditEvents.action, 'audit.log_restored')))
  return rows.length > 0
}
