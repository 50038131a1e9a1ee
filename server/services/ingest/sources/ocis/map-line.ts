import type { Actor } from '#server/platform/context'
import type { IngestedEvent, TenantHint } from '../../contract'
import type { AuditLine } from './read-line'
import { executantOf, fileOf, idOf, spaceOf, textOf, timeOf } from './values'

/** Which tenant's a space or a user is: OCIS itself does not say. */
export interface TenantsOf {
  /** Where the whole server is one tenant's. */
  tenant?: string
  spaces: Readonly<Record<string, string>>
  users: Readonly<Record<string, string>>
}

/** Reads, of which a mail host has thousands an hour. An opened link is kept: a stranger came in. */
const READS = /^(?!public_link_)\w*_(read|viewed|accessed|downloaded|listed|previewed)$/
/** `User` is who did it in these; of files, spaces, people and groups only the sentence says. */
const DONE_BY_USER = /^(file_shared|share_\w+|science_mesh_\w+)$/

/** Whether a line tells of a change, by its action. What this version does not know is taken for one. */
export const isChange = ({ Action }: AuditLine) => !READS.test(Action)

/**
 * A line as the log takes it: ids, never the names and paths of files and spaces, never the tokens of links.
 * @param place what names the line for ever
 * @param receivedAt stands in for the time where OCIS tells none (`space_shared` never does), milliseconds
 */
export function mapLine(line: AuditLine, place: { externalId: string; receivedAt: number }, tenants: TenantsOf): IngestedEvent {
  const told = toldOf(line)
  const actor = actorOf(line)
  return {
    externalId: place.externalId,
    at: timeOf(line, 'Time') ?? place.receivedAt,
    type: line.Action,
    outcome: line.Success === false ? 'failure' : 'success',
    actor,
    resource: resourceOf(line, told),
    tenantHints: hintsOf(told, line, tenants),
    data: { ...told, ...sharedOf(line), spaceType: spaceTypeOf(line), features: featuresOf(line), recipient: recipientOf(line) },
  }
}

type Told = ReturnType<typeof toldOf>

function toldOf(line: AuditLine) {
  return {
    ...fileOf(line),
    ...(textOf(line, 'SpaceID') !== undefined && { spaceId: spaceOf(line) }),
    ownerId: idOf(line, 'Owner'),
    shareId: shareIdOf(line),
    userId: idOf(line, 'UserID'),
    groupId: idOf(line, 'GroupID') ?? idOf(line, 'GranteeGroupID'),
  }
}

/** Of a link that was removed it is the link's token: only the sentence of a share says that it is an id. */
function shareIdOf(line: AuditLine): string | undefined {
  const id = idOf(line, 'ShareID')
  if (line.Action === 'file_unshared' && !line.Message.startsWith(`share id:'${id}' `)) return undefined
  return id === textOf(line, 'ShareToken') ? undefined : id
}

function sharedOf(line: AuditLine) {
  const type = textOf(line, 'ShareType')
  const permissions = textOf(line, 'Permissions')
  return {
    shareType: type !== undefined && /^(user|group|link)$/.test(type) ? type : undefined,
    granteeId: idOf(line, 'ShareWith') ?? idOf(line, 'GranteeUserID'),
    permissions:
      permissions !== undefined && /^[a-z_]+:(true|false)(\s+[a-z_]+:(true|false))*\s*$/.test(permissions)
        ? permissions
        : undefined,
    expiresAt: timeOf(line, 'ExpirationDate') ?? expirationOf(line),
    hasPassword: typeof line.SharePass === 'boolean' ? line.SharePass : undefined,
  }
}

/** Seconds since 1970, of an invitation. */
const expirationOf = ({ Expiration }: AuditLine) =>
  typeof Expiration === 'number' && Number.isSafeInteger(Expiration * 1000) ? Expiration * 1000 : undefined

const spaceTypeOf = (line: AuditLine) => /^[a-z]{1,20}$/.exec(textOf(line, 'Type') ?? '')?.[0]

/** Who was invited; sealed beside the event. */
const recipientOf = (line: AuditLine) => (line.Action.startsWith('science_mesh_') ? textOf(line, 'RecipientMail') : undefined)

/** Which features of a user changed: `accountEnabled=false`. */
function featuresOf({ Features }: AuditLine): string | undefined {
  if (!Array.isArray(Features)) return undefined
  const told = Features.flatMap((feature: { Name?: unknown; Value?: unknown } | null) =>
    typeof feature?.Name === 'string' && /^\w{1,64}$/.test(feature.Name)
      ? [/^(true|false)$/.test(String(feature.Value)) ? `${feature.Name}=${String(feature.Value)}` : feature.Name]
      : [],
  )
  return told.join(', ') || undefined
}

function actorOf(line: AuditLine): Actor {
  // Of a share with a group, `User` is the group.
  const isGroup = /^share_/.test(line.Action) && textOf(line, 'ShareType') === 'group'
  const id = isGroup ? undefined : DONE_BY_USER.test(line.Action) ? idOf(line, 'User') : executantOf(line)
  if (id !== undefined) return { type: 'user', id: `ocis:${id}`, role: 'member' }
  return { type: 'service', id: line.Action === 'public_link_accessed' ? 'anonymous' : 'ocis', role: 'member' }
}

function resourceOf({ Action }: AuditLine, { fileId, spaceId, shareId, userId, groupId }: Told): IngestedEvent['resource'] {
  const kinds: [RegExp, type: string, id: string | undefined][] = [
    [/^space_/, 'space', spaceId],
    [/^user_/, 'user', userId],
    [/^group_/, 'group', groupId],
    [/^(share_|file_unshared)/, 'share', shareId],
    [/./, 'file', fileId],
    [/^/, 'share', shareId],
  ]
  const [, type, id] = kinds.find(([pattern, , one]) => one !== undefined && pattern.test(Action)) ?? [
    null,
    'file_server',
    'ocis',
  ]
  return { type, id: id! }
}

/** The space decides, then the people; then whoever has the whole server. */
function hintsOf({ spaceId, ownerId, userId }: Told, line: AuditLine, { tenant, spaces, users }: TenantsOf): TenantHint[] {
  const people = [executantOf(line), idOf(line, 'User'), ownerId, userId]
  const slugs = [own(spaces, spaceId), ...people.map((person) => own(users, person)), tenant]
  return slugs.filter((slug) => slug !== undefined).map((slug) => ({ slugs: [slug] }))
}

const own = (table: Readonly<Record<string, string>>, key: string | undefined) =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
