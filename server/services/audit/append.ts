import { randomBytes } from 'node:crypto'
import type { Context } from '#server/platform/context'
import { sealWith } from '#server/platform/secrets'
import { ACTIONS, type Action } from './actions'
import { canonicalText, contentHash, type EventContent, personalCommitment, type Scalar } from './canonical'
import { insertEvent, insertPersonal, rememberExternalId, subjectKeyBox } from './store'
import { subjectOf } from './subject'

/** What a verb says about one thing that it did. The actor, the times and the ids come from the context. */
export interface EventDetails {
  resource: { type: string; id: string }
  tenantId?: string
  partnerId?: string | null
  outcome?: 'success' | 'failure'
  data?: Record<string, Scalar | null | undefined>
  /** Another actor than the context's, for a sign-in: the person who became known by it. */
  actor?: Context['actor']
  /** Where the event came from when it is not the portal's own, with that system's id and time. */
  origin?: { source: string; externalId: string; at: number }
}

type TransactionContext = Context & { tx: NonNullable<Context['tx']> }

/**
 * Writes one event in the caller's transaction. Says false, and writes nothing, when (source, externalId) was written before.
 */
export async function append(ctx: TransactionContext, action: Action, details: EventDetails): Promise<boolean> {
  const id = ctx.newId()
  const { origin } = details
  if (origin && !(await rememberExternalId(ctx.tx, origin.source, origin.externalId, id))) return false
  const actor = details.actor ?? ctx.actor
  const personal = personalOf(actor)
  const salt = randomBytes(32)
  const content = contentOf(ctx, action, details, id)
  if (personal) content.pd = personalCommitment(salt, personal)
  const text = canonicalText(content)
  await insertEvent(ctx.tx, { content, text, hash: contentHash(text), tenantId: details.tenantId, partnerId: details.partnerId })
  if (personal) await appendPersonal(ctx, { actor, content, personal, salt })
  return true
}

function contentOf(ctx: Context, action: Action, details: EventDetails, id: string): EventContent {
  const kind = ACTIONS[action]
  const actor = details.actor ?? ctx.actor
  const recv = ctx.now()
  const data = allowedData(kind.data, details.data ?? {})
  const refs = [details.tenantId, details.partnerId].filter((ref) => ref != null).sort()
  return {
    v: 1,
    id,
    action,
    actor: { id: actor.id, type: actor.type },
    at: details.origin?.at ?? recv,
    recv,
    resource: details.resource,
    meta: {
      category: kind.category,
      outcome: details.outcome ?? 'success',
      severity: kind.severity,
      source: details.origin?.source ?? 'vigia',
      ...(details.origin && { ext: details.origin.externalId }),
    },
    scope: details.partnerId ?? 'platform',
    ...(refs.length > 0 && { refs }),
    ...(Object.keys(data).length > 0 && { data }),
  }
}

/** Only the keys of the action's closed list; anything else is dropped, never stored. */
function allowedData(allowed: readonly string[], data: NonNullable<EventDetails['data']>): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {}
  for (const [key, value] of Object.entries(data))
    if (value != null && allowed.includes(key.replace(/\.(before|after)$/, ''))) kept[key] = value
  return kept
}

function personalOf(actor: Context['actor']): Record<string, Scalar> | null {
  const personal: Record<string, Scalar> = {}
  if (actor.name) personal.name = actor.name
  if (actor.email) personal.email = actor.email
  if (actor.ip) personal.ip = actor.ip
  if (actor.userAgent) personal.userAgent = actor.userAgent
  return Object.keys(personal).length > 0 ? personal : null
}

interface PersonalPart {
  actor: Context['actor']
  content: EventContent
  personal: Record<string, Scalar>
  salt: Buffer
}

async function appendPersonal(ctx: TransactionContext, { actor, content, personal, salt }: PersonalPart): Promise<void> {
  const subjectId = subjectOf(content)
  const key = await subjectKey(ctx, subjectId, actor, content.recv)
  await insertPersonal(ctx.tx, {
    eventId: content.id,
    subjectId,
    salt,
    box: sealWith(key, content.id, canonicalText(personal)),
    ipTag: actor.ip ? ctx.secrets.tag('ip', actor.ip) : null,
  })
}

/** Keys read in a transaction, for its further events. Not longer: an erasure may destroy a key between two of them. */
const keysOfTransaction = new WeakMap<TransactionContext['tx'], Map<string, Buffer>>()

async function subjectKey(ctx: TransactionContext, id: string, actor: Context['actor'], createdAt: number): Promise<Buffer> {
  const keys = keysOfTransaction.get(ctx.tx) ?? new Map<string, Buffer>()
  keysOfTransaction.set(ctx.tx, keys)
  const known = keys.get(id)
  if (known) return known
  const fresh = ctx.secrets.seal('audit-subject', randomBytes(32).toString('hex'))
  const emailTag = actor.email ? ctx.secrets.tag('email', actor.email.toLowerCase()) : null
  const keyBox = await subjectKeyBox(ctx.tx, { id, keyBox: fresh, emailTag, createdAt })
  const key = Buffer.from(ctx.secrets.open('audit-subject', keyBox), 'hex')
  keys.set(id, key)
  return key
}
