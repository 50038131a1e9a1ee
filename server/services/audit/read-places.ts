import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditEvents, auditLeaves } from '#drizzle/schema/sqlite'
import type { Scope } from '#server/platform/context'

/** The name of a log, the first line of its checkpoints. */
export function logName({ scope, generation }: { scope: string; generation: number }): string {
  return generation === 1 ? scope : `${scope}/${generation}`
}

/** What `logName` was made of. */
export function logOf(name: string): { scope: string; generation: number } {
  const [, scope, generation] = /^(.*?)(?:\/(\d+))?$/.exec(name)!
  return { scope: scope!, generation: Number(generation ?? 1) }
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
