import { asc } from 'drizzle-orm'
import { auditEvents } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** What the audit log holds, oldest first: what the verb itself told, the canonical content, and the copies that it is searched by. */
export async function auditTrail(ctx: Context) {
  const rows = await ctx.database.read.select().from(auditEvents).orderBy(asc(auditEvents.seq))
  return rows.map((row) => ({
    data: toldIn(row.content),
    action: row.action,
    actorId: row.actorId,
    resourceId: row.resourceId,
    tenantId: row.tenantId,
    partnerId: row.partnerId,
    content: row.content,
  }))
}

/** The actions recorded, oldest first. */
export async function recordedActions(ctx: Context): Promise<string[]> {
  return (await auditTrail(ctx)).map((event) => event.action)
}

/** What the verb itself told: the data of an event without the request that it belongs to. */
export function toldIn(content: string): Record<string, unknown> {
  const { requestId: _, ...data } = (JSON.parse(content) as { data?: Record<string, unknown> }).data ?? {}
  return data
}
