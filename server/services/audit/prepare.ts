import type { Context } from '#server/platform/context'
import { freshBytes } from '#server/platform/random'
import { type AnyAction, kindOf } from './actions'
import { addressTag } from './address-tag'
import { canonicalText, contentHash, type EventContent, personalCommitment, type Scalar } from './canonical'
import { type GivenData, splitData } from './event-data'
import type { EventRow } from './store'
import { subjectOf } from './subject'

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

/** An event as it is written: all that can be made of it before its transaction, so that another thread may write it. */
export interface Prepared {
  row: EventRow
  personal: PersonalPart | null
}

/** What is sealed beside the event. */
export interface PersonalPart {
  subjectId: string
  /** Canonical text. */
  text: string
  salt: Buffer
  ipTag: string | null
  /** By which the subject is found, where this is the first event of it. */
  email: string | null
}

/**
 * Makes an event of what a verb says.
 * @throws ServiceError VALIDATION when it has something that the canonical form has no word for
 */
export function prepare(ctx: Context, action: AnyAction, details: EventDetails): Prepared {
  const actor = details.actor ?? ctx.actor
  const { open, sealed } = splitData(kindOf(action), { ...details.data, ...requestOf(ctx) })
  const personalText = personalTextOf(actor, sealed)
  const salt = freshBytes(32)
  const content = contentOf(ctx, action, details)
  if (Object.keys(open).length > 0) content.data = open
  if (personalText) content.pd = personalCommitment(salt, personalText)
  const personal = personalText === null ? null : { text: personalText, salt, ...ownerOf(ctx, content, actor) }
  return { row: rowOf(content, details), personal }
}

function rowOf(content: EventContent, { tenantId, partnerId }: EventDetails): EventRow {
  const { id, at, recv, scope, action, meta, actor, resource } = content
  const { source, ext = null, category, severity, outcome } = meta
  const text = canonicalText(content)
  return {
    ...{ id, at, receivedAt: recv, scope, source, externalId: ext, action, category, severity, outcome },
    ...{ tenantId: tenantId ?? null, partnerId: partnerId ?? null },
    ...{ actorType: actor.type, actorId: actor.id, resourceType: resource.type, resourceId: resource.id },
    ...{ content: text, contentHash: contentHash(text) },
  }
}

const ownerOf = ({ secrets }: Context, content: EventContent, { ip, email }: Context['actor']) => ({
  ...{ subjectId: subjectOf(content), ipTag: ip ? addressTag(secrets, ip) : null, email: email ?? null },
})

/** What a request asked for belongs together; the portal's own work has none. */
const requestOf = (ctx: Context) => (ctx.actor.type === 'system' ? undefined : { requestId: ctx.requestId })

function contentOf(ctx: Context, action: AnyAction, details: EventDetails): EventContent {
  const { category, severity } = kindOf(action)
  const actor = details.actor ?? ctx.actor
  const recv = ctx.now()
  const refs = [details.tenantId, details.partnerId].filter((ref) => ref != null).sort()
  const content: EventContent = {
    v: 1,
    id: ctx.newId(),
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
