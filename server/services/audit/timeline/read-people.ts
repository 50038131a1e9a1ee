import { asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { auditPersonal, auditSubjects } from '#drizzle/schema/sqlite'
import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { disclosureOf } from './disclosure'

/** Subjects opened at once: each costs two decryptions. */
const STEP = 200

/** Name and address of each subject, in small letters: nothing of it is in an index that lies on the disk. */
class People {
  private readonly words = new Map<string, string[]>()
  private lastRow = 0
  private loading: Promise<void> | null = null

  /** The ids of those whose name or address begins so, and whose key still exists. */
  async beginningWith(ctx: Context, text: string): Promise<string[]> {
    await (this.loading ??= this.load(ctx).finally(() => (this.loading = null)))
    const wanted = text.toLowerCase()
    const found = [...this.words].filter(([, words]) => words.some((word) => word.startsWith(wanted))).map(([id]) => id)
    return stillKnown(ctx, found)
  }

  private async load(ctx: Context): Promise<void> {
    for (let count = STEP; count === STEP; await breathe()) {
      const rows = await subjectsAfter(ctx, this.lastRow)
      for (const { row, id, ...sealed } of rows) {
        const { name, email } = disclosureOf(ctx.secrets, sealed) ?? {}
        const words = [email, name].filter((word) => typeof word === 'string')
        if (words.length > 0)
          this.words.set(
            id,
            words.map((word) => word.toLowerCase()),
          )
        this.lastRow = row
      }
      count = rows.length
    }
  }
}

const peopleOf = perDatabase(() => new People())

/** Actors whose name or e-mail address begins so, as it was when they were first seen. */
export const actorsBeginningWith = (ctx: Context, text: string) => peopleOf(ctx).beginningWith(ctx, text)

/** Actors of exactly this address. */
export async function actorsOfEmail({ db, secrets }: Context, email: string): Promise<string[]> {
  const tag = secrets.tag('email', email.toLowerCase())
  return (await db.select({ id: auditSubjects.id }).from(auditSubjects).where(eq(auditSubjects.emailTag, tag))).map(
    ({ id }) => id,
  )
}

const rowOfSubject = sql<number>`${auditSubjects}.rowid`

function subjectsAfter({ db }: Context, row: number) {
  const one = sql`(select p.event_id from audit_events e join audit_personal p on p.event_id = e.id
    where e.actor_id = ${auditSubjects.id} and p.subject_id = e.actor_id order by e.at, e.seq limit 1)`
  return db
    .select({
      ...{ row: rowOfSubject, id: auditSubjects.id, keyBox: auditSubjects.keyBox },
      ...{ eventId: auditPersonal.eventId, box: auditPersonal.box },
    })
    .from(auditSubjects)
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, one))
    .where(gt(rowOfSubject, row))
    .orderBy(asc(rowOfSubject))
    .limit(STEP)
}

async function stillKnown({ db }: Context, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  return (await db.select({ id: auditSubjects.id }).from(auditSubjects).where(inArray(auditSubjects.id, ids))).map(({ id }) => id)
}
