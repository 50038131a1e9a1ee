import type { SecretBox } from '#server/platform/secrets'
import type { Actor } from '#server/platform/context'
import type { IngestedEvent } from '../../contract'
import type { Fields } from './fields'

/** The line that an event stands in. */
interface Line {
  path: string
  /** The file's identity, whatever it is called by now. */
  file: string
  offset: number
  /** Of the line itself, should the place be another's. */
  digest: string
}

/** How an event came: when (milliseconds), and where it stands in a file. */
export interface Arrival {
  receivedAt: number
  line?: Line
}

/**
 * The event as the log keeps it. A sender's ids may be names or addresses, so that they stand in the log as pseudonyms; what they are is
 * sealed beside it.
 */
export function eventOf(secrets: Pick<SecretBox, 'tag'>, fields: Fields, { receivedAt, line }: Arrival): IngestedEvent {
  const system = fields.system ?? line?.path ?? 'generic'
  const at = fields.time ?? receivedAt
  const pseudonym = (id: string) => `generic:${secrets.tag('generic-id', `${system}\0${id}`).slice(0, 16)}`
  const { resourceId, resourceType, objectName, tenantSlug, domain } = fields
  return {
    externalId:
      fields.id === undefined && line
        ? secrets.tag('generic-line', [line.file, line.offset, line.digest].join('\0'))
        : `${escaped(system)}#${fields.id}`,
    ...{ at, type: fields.type, outcome: fields.outcome, actor: actorOf(fields, system, pseudonym) },
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

/** What stands before the first `#` is the system, whatever it is called. */
const escaped = (system: string) => system.replace(/[%#]/g, encodeURIComponent)

const domainIn = (email: string | undefined) => /@([^@\s]+)$/.exec(email ?? '')?.[1]

function actorOf(fields: Fields, system: string, pseudonym: (id: string) => string): Actor {
  const { actorId, actorName, actorEmail, actorType = 'user', actorIp: ip, actorUserAgent: userAgent } = fields
  const id = actorId ?? actorEmail ?? actorName
  if (id === undefined) return { type: 'system', id: pseudonym(system), role: 'member', name: system, ip, userAgent }
  const email = actorEmail ?? (domainIn(actorId) === undefined ? undefined : actorId)
  return { type: actorType, id: pseudonym(id), role: 'member', name: actorName ?? actorId, email, ip, userAgent }
}
