import { and, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Db } from '#drizzle/client'
import { among, prepared } from '#drizzle/prepared'
import { auditEvents, auditLeaves, auditLogs } from '#drizzle/schema/sqlite'
import type { Scope } from '#server/platform/context'
import { NO_LEAF } from './leaf'

/** Where an event stands: its log (`platform`, `p_3`, after a restore `p_3/2`), its gap-free index there, and the hashes in hex. */
export interface Place {
  log: string
  index: number
  prevHash: string
  hash: string
}

/** The name of a log, the first line of its checkpoints. */
export function logName({ scope, generation }: { scope: string; generation: number }): string {
  return generation === 1 ? scope : `${scope}/${generation}`
}

/** What `logName` was made of. */
export function logOf(name: string): { scope: string; generation: number } {
  const [, scope, generation] = /^(.*?)(?:\/(\d+))?$/.exec(name)!
  return { scope: scope!, generation: Number(generation ?? 1) }
}

const before = alias(auditLeaves, 'before')
const placesAmong = prepared((db) =>
  db
    .select({
      ...{ seq: auditLeaves.eventSeq, index: auditLeaves.leafIndex, hash: auditLeaves.hash },
      ...{ prev: before.hash, scope: auditLogs.scope, generation: auditLogs.generation },
    })
    .from(auditLeaves)
    .innerJoin(auditLogs, eq(auditLogs.id, auditLeaves.logId))
    .leftJoin(before, and(eq(before.logId, auditLeaves.logId), eq(before.leafIndex, sql`${auditLeaves.leafIndex} - 1`)))
    .where(among(auditLeaves.eventSeq, 'seqs')),
)

/** The places of events, by their seq; one that is not sequenced yet, up to a second after its commit, is not in the answer. */
export async function placesOf(db: Db, seqs: readonly number[]): Promise<Map<number, Place>> {
  const rows = await placesAmong(db, { seqs: JSON.stringify(seqs) })
  return new Map(
    rows.map(({ seq, index, hash, prev, ...log }) => [
      seq,
      { log: logName(log), index, prevHash: (prev ?? NO_LEAF).toString('hex'), hash: hash.toString('hex') },
    ]),
  )
}

/** An event with its leaf; null when there is none that the caller sees. */
export async function leafOfEvent(db: Db, eventId: string, scope: Scope) {
  const visible = scope === 'all' ? undefined : inArray(auditEvents.tenantId, [...scope])
  const [row] = await db
    .select({
      event: { content: auditEvents.content, contentHash: auditEvents.contentHash },
      leaf: { logId: auditLeaves.logId, index: auditLeaves.leafIndex, hash: auditLeaves.hash },
    })
    .from(auditEvents)
    .leftJoin(auditLeaves, eq(auditLeaves.eventSeq, auditEvents.seq))
    .where(and(eq(auditEvents.id, eventId), visible))
  return row ?? null
}
