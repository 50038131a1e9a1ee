import { asc } from 'drizzle-orm'
import { auditEvents } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** What the audit log holds, oldest first: the canonical content, and the copies that it is searched by. */
export async function auditTrail(ctx: Context) {
  const rows = await ctx.database.read.select().from(auditEvents).orderBy(asc(auditEvents.seq))
  return rows.map((row) => ({
    action: row.action,
    actorId: row.actorId,
    resourceId: row.resourceId,
    tenantId: row.tenantId,
    partnerId: row.partnerId,
    data: (JSON.parse(row.content) as { data?: Record<string, unknown> }).data ?? {},
    content: row.content,
  }))
}

/** The actions recorded, oldest first. */
export async function recordedActions(ctx: Context): Promise<string[]> {
  return (await auditTrail(ctx)).map((event) => event.action)
}
