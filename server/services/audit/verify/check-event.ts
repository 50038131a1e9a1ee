import { createHmac } from 'node:crypto'
import { openWith, type SecretBox } from '#server/platform/secrets'
import type { EventContent } from '../canonical'
import { subjectOf } from '../subject'
import { subjectKey } from '../subject-key'
import type { Faults } from './faults'
import type { LeafRow } from './read-leaves'
import type { StoredEvent } from './walk'

/** What the check of events gathers besides faults. */
export interface Tally {
  /** Events whose personal data was erased, as an event `privacy.erased` says. */
  erased: number
  /** Subjects by the first event seen of them, and those whose row agrees with the event that made it. */
  subjects: Map<string, number>
  confirmed: Set<string>
}

export interface Checking {
  /** Of the log that is walked. */
  scope: string
  secrets: SecretBox
  ipTag(ip: string): string
  faults: Faults
  tally: Tally
  isErased(subjectId: string): boolean
}

/** The event's columns against its bytes, what was received, and the disclosure against its commitment. */
export function checkEvent(row: LeafRow, { content, contentHash }: StoredEvent, checking: Checking): void {
  const { faults, scope } = checking
  const index = row.leafIndex
  if (!contentHash.equals(row.contentHash)) faults.add('modified', index, 'content_hash')
  const event = parsed(content)
  if (event === null) return faults.add('modified', index, 'content')
  if (event.scope !== scope) faults.add('forked', index, 'an event of another scope')
  for (const column of differing(row, event)) faults.add('modified', index, column)
  if (event.meta.ext !== undefined && row.dedupEventId === null) faults.add('missing', index, 'the row of audit_dedup')
  else if (row.dedupEventId !== null && row.dedupEventId !== event.id) faults.add('modified', index, 'the row of audit_dedup')
  checkDisclosure(row, event, checking)
}

function parsed(content: Buffer): EventContent | null {
  try {
    return JSON.parse(content.toString('utf8')) as EventContent
  } catch {
    return null
  }
}

/** The columns that are copies of the bytes, with what the bytes say. */
const COPIES: [column: string, held: (row: LeafRow) => unknown, said: (event: EventContent) => unknown][] = [
  ['id', (row) => row.id, (event) => event.id],
  ['at', (row) => row.at, (event) => event.at],
  ['received_at', (row) => row.receivedAt, (event) => event.recv],
  ['scope', (row) => row.scope, (event) => event.scope],
  ['source', (row) => row.source, (event) => event.meta.source],
  ['external_id', (row) => row.externalId, (event) => event.meta.ext ?? null],
  ['action', (row) => row.action, (event) => event.action],
  ['category', (row) => row.category, (event) => event.meta.category],
  ['severity', (row) => row.severity, (event) => event.meta.severity],
  ['outcome', (row) => row.outcome, (event) => event.meta.outcome],
  ['actor_type', (row) => row.actorType, (event) => event.actor.type],
  ['actor_id', (row) => row.actorId, (event) => event.actor.id],
  ['resource_type', (row) => row.resourceType, (event) => event.resource.type],
  ['resource_id', (row) => row.resourceId, (event) => event.resource.id],
  ['tenant_id or partner_id', refsOf, (event) => (event.refs ?? []).join(' ')],
  ['partner_id', (row) => row.partnerId ?? 'platform', (event) => event.scope],
]

function refsOf({ tenantId, partnerId }: LeafRow): string {
  if (tenantId === null || partnerId === null) return tenantId ?? partnerId ?? ''
  return tenantId < partnerId ? `${tenantId} ${partnerId}` : `${partnerId} ${tenantId}`
}

const differing = (row: LeafRow, event: EventContent) =>
  COPIES.filter(([, held, said]) => held(row) !== said(event)).map(([column]) => column)

function checkDisclosure(row: LeafRow, event: EventContent, { secrets, ipTag, faults, tally, isErased }: Checking): void {
  const index = row.leafIndex
  if (event.pd === undefined) {
    if (row.box !== null) faults.add('modified', index, 'a disclosure that the event does not speak of')
    return
  }
  const subjectId = subjectOf(event)
  if (row.box === null || row.keyBox === null) {
    if (isErased(subjectId)) tally.erased++
    else faults.add('missing', index, row.box === null ? 'the disclosure' : "the subject's key")
    return
  }
  if (row.subjectId !== subjectId) return faults.add('modified', index, 'subject_id of the disclosure')
  const personal = opened(row, secrets)
  if (personal === null) return faults.add('modified', index, "the disclosure, or the subject's key")
  if (createHmac('sha256', row.salt!).update(personal, 'utf8').digest('hex') !== event.pd)
    return faults.add('modified', index, 'the disclosure: it is not what the event commits to')
  const { ip, email } = JSON.parse(personal) as { ip?: string; email?: string }
  if ((ip === undefined ? null : ipTag(ip)) !== row.ipTag) faults.add('modified', index, 'ip_tag of the disclosure')
  if (!tally.subjects.has(subjectId)) tally.subjects.set(subjectId, index)
  if (row.subjectCreatedAt !== event.recv) return
  const emailTag = email === undefined ? null : secrets.tag('email', email.toLowerCase())
  if (row.emailTag === emailTag) tally.confirmed.add(subjectId)
}

function opened(row: LeafRow, secrets: SecretBox): string | null {
  try {
    return openWith(subjectKey(secrets, row.keyBox!), row.id!, row.box!)
  } catch {
    return null
  }
}
