import ipaddr from 'ipaddr.js'
import type { Actor } from '#server/platform/context'
import type { IngestedEvent, TenantHint } from '../../contract'
import type { AuthentikEvent, Person } from './event'

/** The account that Authentik's rights library keeps for whoever is not signed in. */
const ANONYMOUS = 'AnonymousUser'
/** What Authentik writes when it does not know the address. */
const UNKNOWN_IP = '255.255.255.255'
const FAILED = new Set(['login_failed', 'suspicious_request', 'configuration_error'])
/** Of a `user_write`, what is not a field of the account. */
const NOT_WRITTEN = new Set(['created', 'http_request', 'geo', 'asn'])

/** What the mapping needs from outside. */
export interface MappingWorld {
  /** A stand-in for somebody who has no id yet: the same for the same name, and nobody can tell the name by it. */
  pseudonym(name: string): string
  /** The names of the groups that a user is in. */
  groupsOf(userPk: number): readonly string[]
  /** What stands before a tenant's slug in the name of its group. */
  groupPrefix: string
}

/**
 * The event as the log keeps it. The actor is whom Authentik names first: the real administrator while somebody is impersonated, the
 * claimed account while a flow runs. Messages, exceptions, arguments and mails are left out.
 */
export function mapEvent(event: AuthentikEvent, world: MappingWorld): IngestedEvent {
  const { pk, action, created, context, user } = event
  const actor = actorOf(event, world)
  const onBehalfOf = user?.on_behalf_of ? idOf(user.on_behalf_of, world) : null
  return {
    externalId: pk,
    at: Date.parse(created),
    type: action,
    outcome: FAILED.has(action) || action.endsWith('_exception') ? 'failure' : 'success',
    actor,
    resource: resourceOf(event, actor),
    tenantHints: hintsOf(event, world),
    data: {
      ...{ onBehalfOf, app: event.app || null, brand: event.brand?.name, method: context.http_request?.method },
      ...{ upstreamRequestId: context.http_request?.request_id, country: context.geo?.country, city: context.geo?.city || null },
      ...{ authMethod: context.auth_method, stage: context.stage?.name, outpost: context.outpost?.name },
      ...{ application: context.authorized_application?.name, applicationPk: textOf(context.authorized_application?.pk) },
      ...{ model: context.model?.model_name, modelPk: textOf(context.model?.pk) },
      ...{ modelName: context.model?.name ?? context.affected_user, authenticatedAs: user?.authenticated_as?.username },
      ...{ typedName: action === 'login_failed' ? context.username : null, changed: changedOf(event), created: context.created },
      ...{
        scopes: context.scopes,
        policy: context.policy_uuid,
        invitationPk: context.invitation_uuid,
        version: context.new_version,
      },
    },
  }
}

const textOf = (pk: string | number | null | undefined) => (pk == null ? null : String(pk))

function actorOf({ user, client_ip, context }: AuthentikEvent, world: MappingWorld): Actor {
  const origin = { ip: addressOf(client_ip), userAgent: context.http_request?.user_agent ?? undefined }
  if (!user?.username && user?.pk == null) return { type: 'system', id: 'authentik', role: 'member', ...origin }
  if (user.username === ANONYMOUS) return { type: 'service', id: 'anonymous', role: 'member', ...origin }
  const named = { name: user.username ?? undefined, email: user.email || undefined }
  return { type: 'user', id: idOf(user, world), role: 'member', ...named, ...origin }
}

const idOf = ({ pk, username }: Person, world: MappingWorld) =>
  pk == null ? `authentik:${world.pseudonym(username ?? '')}` : `authentik:${pk}`

/** Undefined when it is not known; an IPv4 address within an IPv6 one as itself. */
function addressOf(text: string | null | undefined): string | undefined {
  if (!text || text === UNKNOWN_IP || !ipaddr.isValid(text)) return undefined
  return ipaddr.process(text).toString()
}

function resourceOf({ context }: AuthentikEvent, actor: Actor): IngestedEvent['resource'] {
  const about = context.model ?? context.authorized_application
  if (about?.pk != null) return { type: about.model_name || 'object', id: `authentik:${about.pk}` }
  return actor.type === 'user' ? { type: 'user', id: actor.id } : { type: 'source', id: 'authentik' }
}

/** Names of fields, never what stands in them. */
function changedOf({ action, context }: AuthentikEvent): string | null {
  const names = action === 'user_write' ? Object.keys(context).filter((key) => !NOT_WRITTEN.has(key) && context[key] != null) : []
  return [...names, ...Object.keys(context.diff ?? {})].sort().join(' ') || null
}

/** By groups before by addresses; in both the one whom it is done to before the one who does it. */
function hintsOf({ user, context, action }: AuthentikEvent, world: MappingWorld): TenantHint[] {
  const { model } = context
  const isUser = model?.model_name === 'user' && typeof model.pk === 'number'
  const pks = [isUser ? model.pk : null, user?.on_behalf_of?.pk, user?.pk].filter((pk) => typeof pk === 'number')
  const slugs = (pk: number) => world.groupsOf(pk).flatMap((name) => slugsIn(name, world.groupPrefix))
  const typed = action === 'login_failed' ? context.username : null
  const mails = [user?.on_behalf_of?.email, user?.email, typed].map((mail) => /@([^@\s]+)$/.exec(mail ?? '')?.[1])
  return [
    ...pks.map((pk) => ({ slugs: slugs(pk) })),
    ...mails.filter((domain) => domain !== undefined).map((domain) => ({ domain })),
  ]
}

function slugsIn(group: string, prefix: string): string[] {
  const name = group.toLowerCase()
  return prefix && name.startsWith(prefix) ? [name, name.slice(prefix.length)] : [name]
}

/** The users whose groups `mapEvent` asks for. */
export function usersOf({ user, context }: AuthentikEvent): number[] {
  const { model } = context
  const about = model?.model_name === 'user' && typeof model.pk === 'number' ? model.pk : null
  const actor = user?.username === ANONYMOUS ? null : user?.pk
  return [about, user?.on_behalf_of?.pk, actor].filter((pk) => typeof pk === 'number')
}
