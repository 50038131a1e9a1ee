import type { SecretBox } from '#server/platform/secrets'
import type { Actor } from '#server/platform/context'
import type { IngestedEvent } from '../../contract'
import type { Fields } from './fields'

/** The line that an event stands in. */
export interface Place {
  path: string
  /** The file's identity, whatever it is called by now. */
  file: string
  offset: number
}

/**
 * The event as the log keeps it. A sender's ids may be names or addresses, so that they stand in the log as pseudonyms; what they are is
 * sealed beside it.
 */
export function eventOf(secrets: Pick<SecretBox, 'tag'>, fields: Fields, place?: Place): IngestedEvent {
  const system = fields.system ?? place?.path ?? 'generic'
  const pseudonym = (id: string) => `generic:${secrets.tag('generic-id', `${system}\0${id}`).slice(0, 16)}`
  const { resourceId, resourceType, objectName, tenantSlug, domain } = fields
  return {
    externalId: fields.id === undefined && place ? `${place.file}@${place.offset}` : `${system}#${fields.id}`,
    ...{ at: fields.time, type: fields.type, outcome: fields.outcome, actor: actorOf(fields, system, pseudonym) },
    resource: {
      type: resourceType ?? (resourceId === undefined ? 'source' : 'object'),
      id: resourceId === undefined ? 'generic' : pseudonym(resourceId),
    },
    tenantHints: [
      ...(tenantSlug === undefined ? [] : [{ slugs: [tenantSlug] }]),
      ...[domain, domainIn(fields.subjectEmail), domainIn(fields.actorEmail)].flatMap((name) => (name ? [{ domain: name }] : [])),
    ],
    data: {
      ...{ type: fields.type, system, objectName: objectName ?? resourceId, subjectName: fields.subjectName },
      ...{ subjectEmail: fields.subjectEmail, detail: fields.detail, changed: fields.changed, count: fields.count },
    },
  }
}

const domainIn = (email: string | undefined) => /@([^@\s]+)$/.exec(email ?? '')?.[1]

function actorOf(fields: Fields, system: string, pseudonym: (id: string) => string): Actor {
  const { actorId, actorName, actorEmail, actorType = 'user', actorIp: ip, actorUserAgent: userAgent } = fields
  const id = actorId ?? actorEmail ?? actorName
  if (id === undefined) return { type: 'system', id: pseudonym(system), role: 'member', name: system, ip, userAgent }
  const email = actorEmail ?? (domainIn(actorId) === undefined ? undefined : actorId)
  return { type: actorType, id: pseudonym(id), role: 'member', name: actorName ?? actorId, email, ip, userAgent }
}
