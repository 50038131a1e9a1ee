import type { Db } from '#drizzle/client'
import type { Context } from '#server/platform/context'
import { freshBytes } from '#server/platform/random'
import { sealWith, type SecretBox } from '#server/platform/secrets'
import type { AnyAction } from './actions'
import { type EventDetails, type PersonalPart, prepare, type Prepared } from './prepare'
import { insertEvent, insertPersonal, insertSubject, keyBoxOf, rememberExternalId } from './store'
import { sealedSubjectKey, subjectKey } from './subject-key'

/**
 * Writes one event in the caller's transaction. Says false, and writes nothing, when (source, externalId) was written before.
 */
export function append(ctx: Context & { tx: Db }, action: AnyAction, details: EventDetails): Promise<boolean> {
  return appendPrepared(ctx, prepare(ctx, action, details))
}

/** The same of an event that was made before. */
export async function appendPrepared({ tx, secrets }: { tx: Db; secrets: SecretBox }, event: Prepared): Promise<boolean> {
  const { id, meta, recv } = event.content
  if (meta.ext !== undefined && !(await rememberExternalId(tx, { source: meta.source, externalId: meta.ext, eventId: id })))
    return false
  await insertEvent(tx, event)
  if (event.personal) {
    const { subjectId, text, salt, ipTag } = event.personal
    const key = await keyOf({ tx, secrets }, event.personal, recv)
    await insertPersonal(tx, { eventId: id, subjectId, salt: salt as Buffer, box: sealWith(key, id, text), ipTag })
  }
  return true
}

/** The key that the subject has in this very transaction: an erasure may have destroyed the last one. */
async function keyOf(
  { tx, secrets }: { tx: Db; secrets: SecretBox },
  { subjectId, email }: PersonalPart,
  createdAt: number,
): Promise<Buffer> {
  const known = keyBoxOf(tx, subjectId)
  if (known !== null) return subjectKey(secrets, known)
  const key = freshBytes(32)
  const emailTag = email ? secrets.tag('email', email.toLowerCase()) : null
  await insertSubject(tx, { id: subjectId, keyBox: sealedSubjectKey(secrets, key), emailTag, createdAt })
  return key
}
