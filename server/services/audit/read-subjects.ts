import { and, inArray, like } from 'drizzle-orm'
import { auditSubjects } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'

/** The ids, of those that begin so, under which people with these mail addresses are known; by the address in lower case. */
export async function subjectsByEmail(ctx: Context, beginning: string, emails: readonly string[]): Promise<Map<string, string>> {
  const byTag = new Map(emails.map((email) => [ctx.secrets.tag('email', email.toLowerCase()), email.toLowerCase()]))
  if (byTag.size === 0) return new Map()
  const rows = await ctx.database.read
    .select({ id: auditSubjects.id, emailTag: auditSubjects.emailTag })
    .from(auditSubjects)
    .where(and(inArray(auditSubjects.emailTag, [...byTag.keys()]), like(auditSubjects.id, `${beginning}%`)))
  return new Map(rows.map(({ id, emailTag }) => [byTag.get(emailTag!)!, id]))
}
