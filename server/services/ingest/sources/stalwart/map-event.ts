import type { Actor } from '#server/platform/context'
import type { IngestedEvent, TenantHint } from '../../contract'
import type { StalwartEvent } from './read-event'
import * as read from './values'

/** Somebody as Stalwart names them: by the number of the account, by its name, or by both. */
export interface Person {
  accountId?: string
  name?: string
}

/** The pseudonym of a person: no name, and the same each time. */
export type IdOf = (person: Person) => string

type Data = NonNullable<IngestedEvent['data']>
type Fields = Readonly<Record<string, readonly [key: string, read: read.Read<string | number | boolean>]>>

/** What an event may tell, by Stalwart's key, and as what. Contents, subjects and replies of servers are not among it. */
const FIELDS: Fields = {
  accountId: ['accountId', read.id],
  listenerId: ['listenerId', read.word],
  localPort: ['localPort', read.count],
  spanId: ['spanId', read.id],
  queueId: ['queueId', read.id],
  domain: ['domain', read.host],
  hostname: ['hostname', read.host],
  code: ['code', read.count],
  size: ['size', read.count],
  elapsed: ['elapsedMs', read.count],
  result: ['resultType', read.nestedType],
  policy: ['policy', read.word],
  strict: ['strict', read.flag],
  rangeFrom: ['rangeFrom', read.time],
  rangeTo: ['rangeTo', read.time],
  ...counts('dmarcPass', 'dmarcQuarantine', 'dmarcReject', 'dmarcNone'),
  ...counts('dkimPass', 'dkimFail', 'dkimNone', 'spfPass', 'spfFail', 'spfNone'),
}
/** What one group of events tells besides; `id` is another thing in each. */
const GROUPS: readonly (readonly [beginning: string, fields: Fields])[] = [
  ['auth.', { reason: ['reason', read.reason] }],
  ['security.', { reason: ['reason', read.reason], details: ['reason', read.word] }],
  ['dkim.signature-', { id: ['selector', read.word] }],
  ['incoming-report.', { id: ['reportId', read.id] }],
]

function counts(...keys: string[]): Fields {
  return Object.fromEntries(keys.map((key) => [key, [key, read.count] as const]))
}

const FAILURE = /[.-](failed|fail|error|rejected|unauthorized|too-many-attempts)$/
const TENANT_HINTS = 20

/**
 * An event of Stalwart as the log takes it.
 * @param twin how many of the same events stood before it in its batch: within a second there may be several
 */
export function mapEvent(event: StalwartEvent, twin: number, idOf: IdOf): IngestedEvent {
  const { type, at, data, digest } = event
  const { actor, onBehalfOf } = actorOf(event, idOf)
  return {
    externalId: `${digest}.${twin}`,
    ...{ at, type, actor },
    outcome: FAILURE.test(type) ? 'failure' : 'success',
    resource: resourceOf(event, idOf),
    tenantHints: hintsOf(event),
    data: { ...toldOf(type, data), ...personalOf(event), onBehalfOf },
  }
}

function toldOf(type: string, data: StalwartEvent['data']): Data {
  const fields = [FIELDS, ...GROUPS.filter(([beginning]) => type.startsWith(beginning)).map(([, more]) => more)]
  const told: Record<string, string | number | boolean> = {}
  for (const [key, [name, readValue]] of fields.flatMap((some) => Object.entries(some))) {
    const value = Object.hasOwn(data, key) ? readValue(data[key]) : undefined
    if (value !== undefined) told[name] ??= value
  }
  return told
}

/** Sealed beside the event, all but how many there were. */
function personalOf({ type, data }: StalwartEvent): Data {
  const recipients = read.accounts(data.to)
  return {
    accountName: read.account(data.accountName),
    from: read.account(data.from),
    to: recipients.join(', ') || undefined,
    recipients: recipients.length || undefined,
    // The addresses and networks whose ban ends are a list.
    addresses:
      (type.startsWith('security.') && Array.isArray(data.details) && read.accounts(data.details).join(', ')) || undefined,
  }
}

function actorOf({ type, data }: StalwartEvent, idOf: IdOf): { actor: Actor; onBehalfOf?: string } {
  const ip = read.address(data.remoteIp)
  const nobody = { type: 'service', role: 'member', ip } as const
  const subject: Person = { accountId: read.id(data.accountId), name: read.account(data.accountName) }
  const someone = (person: Person): Actor => ({ type: 'user', id: idOf(person), role: 'member', ip, ...namesOf(person.name) })
  if (type === 'queue.authenticated-message-queued') {
    const name = read.account(data.from)
    return { actor: name ? someone({ name }) : { ...nobody, id: 'anonymous' } }
  }
  const isTheirs = type.startsWith('auth.') || type === 'security.unauthorized'
  if (!isTheirs) return { actor: { ...nobody, id: 'stalwart' } }
  if (!subject.name && !subject.accountId) return { actor: { ...nobody, id: 'anonymous' } }
  // A master user who signs in as somebody else is told in `details`, of a success only.
  const master = type === 'auth.success' ? read.account(data.details) : undefined
  return master ? { actor: someone({ name: master }), onBehalfOf: idOf(subject) } : { actor: someone(subject) }
}

const namesOf = (name: string | undefined) => (name?.includes('@') ? { email: name } : { name })

function resourceOf({ type, data }: StalwartEvent, idOf: IdOf): IngestedEvent['resource'] {
  const [queueId, domain] = [read.id(data.queueId), read.host(data.domain)]
  const person: Person = { accountId: read.id(data.accountId), name: read.account(data.accountName) }
  if (queueId) return { type: 'message', id: queueId }
  if (person.accountId || person.name) return { type: 'mail_account', id: idOf(person) }
  if (domain) return { type: 'domain', id: domain }
  return { type: 'mail_server', id: type.startsWith('server.') ? 'stalwart' : (read.word(data.listenerId) ?? 'stalwart') }
}

/** Whoever signed in or sent it; else whom it is about; a sender that nobody proved comes last. */
function hintsOf({ type, data }: StalwartEvent): TenantHint[] {
  const [name, from, to] = [read.accounts(data.accountName), read.accounts(data.from), read.accounts(data.to)]
  const domain = read.accounts(data.domain)
  const named = type === 'queue.authenticated-message-queued' ? [...from, ...to] : [...name, ...domain, ...to, ...from]
  const domains = named.slice(0, TENANT_HINTS).map(read.domainOf)
  return [...new Set(domains)].map((domain) => ({ domain }))
}
