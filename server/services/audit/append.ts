import type { Context } from '#server/platform/context'
import { freshBytes } from '#server/platform/random'
import { sealWith } from '#server/platform/secrets'
import { type AnyAction, kindOf } from './actions'
import { addressTag } from './address-tag'
import { canonicalText, contentHash, type EventContent, personalCommitment, type Scalar } from './canonical'
import { type GivenData, splitData } from './event-data'
import { insertEvent, insertPersonal, insertSubject, keyBoxOf, rememberExternalId } from './store'
import { subjectOf } from './subject'
import { sealedSubjectKey, subjectKey } from './subject-key'

/** What a verb says about one thing that it did. The actor, the times and the ids come from the context. */
export interface EventDetails {
  resource: { type: string; id: string }
  tenantId?: string
  partnerId?: string | null
  outcome?: 'success' | 'failure'
  data?: GivenData
  /** Another actor than the context's, for a sign-in: the person who became known by it. */
  actor?: Context['actor']
  /** Where the event came from when it is not the portal's own, with that system's id and time. */
  origin?: { source: string; externalId: string; at: number }
}

type TransactionContext = Context & { tx: NonNullable<Context['tx']> }

/**
 * Writes one event in the caller's transaction. Says false, and writes nothing, when (source, externalId) was written before.
 */
export async function append(ctx: TransactionContext, action: AnyAction, details: EventDetails): Promise<boolean> {
  const id = ctx.newId()
  if (details.origin && !(await rememberExternalId(ctx.tx, { ...details.origin, eventId: id }))) return false
  const actor = details.actor ?? ctx.actor
  const kind = kindOf(action)
  const { open, sealed } = splitData(kind, { ...details.data, ...requestOf(ctx) })
  const personal = personalTextOf(actor, sealed)
  const salt = freshBytes(32)
  const content = contentOf(ctx, action, details, id)
  if (Object.keys(open).length > 0) content.data = open
  if (personal) content.pd = personalCommitment(salt, personal)
  const text = canonicalText(content)
  await insertEvent(ctx.tx, { content, text, hash: contentHash(text), tenantId: details.tenantId, partnerId: details.partnerId })
  if (personal) await appendPersonal(ctx, { actor, content, personal, salt })
  return true
}

/** What a request asked for belongs together; the portal's own work has none. */
const requestOf = (ctx: Context) => (ctx.actor.type === 'system' ? undefined : { requestId: ctx.requestId })

function contentOf(ctx: Context, action: AnyAction, details: EventDetails, id: string): EventContent {
  const { category, severity } = kindOf(action)
  const actor = details.actor ?? ctx.actor
  const recv = ctx.now()
  const refs = [details.tenantId, details.partnerId].filter((ref) => ref != null).sort()
  const content: EventContent = {
    v: 1,
    id,
    action,
    actor: { id: actor.id, type: actor.type },
    at: details.origin?.at ?? recv,
    recv,
    resource: details.resource,
    meta: {
      category,
      outcome: details.outcome ?? 'success',
      severity,
      source: details.origin?.source ?? 'vigia',
    },
    scope: details.partnerId ?? 'platform',
  }
  if (details.origin) content.meta.ext = details.origin.externalId
  if (refs.length > 0) content.refs = refs
  return content
}

/** The actor's data under plain names, that of the event under `data.…`, as canonical text; null when there is none. */
function personalTextOf(actor: Context['actor'], sealed: Record<string, Scalar>): string | null {
  const personal: Record<string, Scalar> = {}
  for (const [key, value] of Object.entries(sealed)) personal[`data.${key}`] = value
  if (actor.name) personal.name = actor.name
  if (actor.email) personal.email = actor.email
  if (actor.ip) personal.ip = actor.ip
  if (actor.userAgent) personal.userAgent = actor.userAgent
  return Object.keys(personal).length > 0 ? canonicalText(personal) : null
}

interface PersonalPart {
  actor: Context['actor']
  content: EventContent
  /** Canonical text. */
  personal: string
  salt: Buffer
}

async function appendPersonal(ctx: TransactionContext, { actor, content, personal, salt }: PersonalPart): Promise<void> {
  const subjectId = subjectOf(content)
  const key = await keyOf(ctx, subjectId, actor, content.recv)
  await insertPersonal(ctx.tx, {
    eventId: content.id,
    subjectId,
    salt,
    box: sealWith(key, content.id, personal),
    ipTag: actor.ip ? addressTag(ctx.secrets, actor.ip) : null,
  })
}

/** The key that the subject has in this very transaction: an erasure may have destroyed the last one. */
async function keyOf(ctx: TransactionContext, id: string, actor: Context['actor'], createdAt: number): Promise<Buffer> {
  const known = keyBoxOf(ctx.tx, id)
  if (known !== null) return subjectKey(ctx.secrets, known)
  const key = freshBytes(32)
  const emailTag = actor.email ? ctx.secrets.tag('email', actor.email.toLowerCase()) : null
  await insertSubject(ctx.tx, { id, keyBox: sealedSubjectKey(ctx.secrets, key), emailTag, createdAt })
  return key
}
