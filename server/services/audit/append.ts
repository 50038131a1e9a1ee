import type { Db } from '#drizzle/client'
import type { Context } from '#server/platform/context'
import { freshBytes } from '#server/platform/random'
import { sealWith, type SecretBox } from '#server/platform/secrets'
import type { AnyAction } from './actions'
import { type EventDetails, type PersonalPart, prepare, type Prepared } from './prepare'
import { insertEvent, insertPersonal, insertSubject, keyBoxOf, rememberExternalId } from './store'
import { sealedSubjectKey, subjectKey } from './subject-key'

/** What an append needs of the world. */
interface Appending {
  tx: Db
  secrets: SecretBox
  /** Keys of subjects that this transaction has looked up already; for one in which nothing is erased. */
  keys?: Map<string, Buffer>
}

/**
 * Writes one event in the caller's transaction. Says false, and writes nothing, when (source, externalId) was written before.
 */
export function append(ctx: Context & { tx: Db }, action: AnyAction, details: EventDetails): Promise<boolean> {
  return appendPrepared(ctx, prepare(ctx, action, details))
}

/** The same of an event that was made before. */
export async function appendPrepared(ctx: Appending, { row, personal }: Prepared): Promise<boolean> {
  const { id, source, externalId } = row
  if (externalId !== null && !(await rememberExternalId(ctx.tx, { source, externalId, eventId: id }))) return false
  await insertEvent(ctx.tx, row)
  if (personal) {
    const { subjectId, text, salt, ipTag } = personal
    const key = ctx.keys?.get(subjectId) ?? (await keyOf(ctx, personal, row.receivedAt))
    ctx.keys?.set(subjectId, key)
    await insertPersonal(ctx.tx, { eventId: id, subjectId, salt, box: sealWith(key, id, text), ipTag })
  }
  return true
}

/** The key that the subject has in this very transaction: an erasure may have destroyed the last one. */
async function keyOf({ tx, secrets }: Appending, { subjectId, email }: PersonalPart, createdAt: number): Promise<Buffer> {
  const known = keyBoxOf(tx, subjectId)
  if (known !== null) return subjectKey(secrets, known)
  const key = freshBytes(32)
  const emailTag = email ? secrets.tag('email', email.toLowerCase()) : null
  await insertSubject(tx, { id: subjectId, keyBox: sealedSubjectKey(secrets, key), emailTag, createdAt })
  return key
}
