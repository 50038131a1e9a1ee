import { and, asc, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { among, prepared } from '#drizzle/prepared'
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

const QUEUED = `SELECT e.seq, e.scope, e.content_hash AS contentHash FROM audit_unsequenced u
  JOIN audit_events e ON e.seq = u.event_seq LEFT JOIN audit_leaves f ON f.event_seq = u.event_seq
  WHERE f.event_seq IS NULL ORDER BY u.event_seq LIMIT ?`

/** Events without a leaf, in the order of their admission. */
export function queuedEvents(db: Db, limit: number): Queued[] {
  return db.$client.prepare(QUEUED).all(limit) as Queued[]
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

const removeQueued = prepared((db) => db.delete(auditUnsequenced).where(among(auditUnsequenced.eventSeq, 'seqs')))

/** Takes what has its leaf now from the queue; a trigger refuses the others. */
export async function leaveQueue(tx: Db, placed: readonly Queued[]): Promise<void> {
  await removeQueued(tx, { seqs: JSON.stringify(placed.map(({ seq }) => seq)) })
}

export async function anyQueued(db: Db): Promise<boolean> {
  return (await db.select().from(auditUnsequenced).limit(1)).length > 0
}

const logsOfScope = prepared<{ scope: string }, Log[]>((db) =>
  db
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.scope, sql.placeholder('scope')))
    .orderBy(desc(auditLogs.generation))
    .limit(1),
)

/** The log that a scope writes to: its newest generation, made when there is none. */
export async function currentLog(tx: Db, scope: string): Promise<Log> {
  return (await logsOfScope(tx, { scope }))[0] ?? beginLog(tx, scope, 1)
}

export async function beginLog(tx: Db, scope: string, generation: number): Promise<Log> {
  const [made] = await tx.insert(auditLogs).values({ scope, generation }).returning()
  return made!
}

/** A hash as bytes, also where who owns the file put something else: verification names it, and must not stumble over it. */
const bytesOf = (hash: typeof auditLeaves.hash | typeof auditTiles.root): SQL<Buffer> => sql<Buffer>`cast(${hash} as blob)`

const lastLeaf = prepared<{ logId: number }, { leafIndex: number; hash: Buffer }[]>((db) =>
  db
    .select({ leafIndex: auditLeaves.leafIndex, hash: bytesOf(auditLeaves.hash) })
    .from(auditLeaves)
    .where(eq(auditLeaves.logId, sql.placeholder('logId')))
    .orderBy(desc(auditLeaves.leafIndex))
    .limit(1),
)

/** How many leaves a log has and the hash of the last one; null while it has none. */
export async function headOf(db: Db, logId: number): Promise<{ size: number; hash: Buffer } | null> {
  const [last] = await lastLeaf(db, { logId })
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

const { placeholder } = sql
const leafHashes = prepared<Record<'logId' | 'from' | 'to', number>, { hash: Buffer }[]>((db) =>
  db
    .select({ hash: bytesOf(auditLeaves.hash) })
    .from(auditLeaves)
    .where(
      and(
        eq(auditLeaves.logId, placeholder('logId')),
        gte(auditLeaves.leafIndex, placeholder('from')),
        lt(auditLeaves.leafIndex, placeholder('to')),
      ),
    )
    .orderBy(asc(auditLeaves.leafIndex)),
)
const tileRoots = prepared<Record<'logId' | 'level' | 'from' | 'to', number>, { hash: Buffer }[]>((db) =>
  db
    .select({ hash: bytesOf(auditTiles.root) })
    .from(auditTiles)
    .where(
      and(
        eq(auditTiles.logId, placeholder('logId')),
        eq(auditTiles.level, placeholder('level')),
        gte(auditTiles.tileIndex, placeholder('from')),
        lt(auditTiles.tileIndex, placeholder('to')),
      ),
    )
    .orderBy(asc(auditTiles.tileIndex)),
)

/** The hashes of a stretch, in order; fewer where the log is shorter. */
export async function hashesOf(db: Db, { logId, level, from, count }: Stretch): Promise<Buffer[]> {
  const range = { logId, from, to: from + count }
  const rows = await (level === 0 ? leafHashes(db, range) : tileRoots(db, { ...range, level: level - 1 }))
  return rows.map(({ hash }) => hash)
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
