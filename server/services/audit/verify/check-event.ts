import { createHmac } from 'node:crypto'
import { openWith, type SecretBox } from '#server/platform/secrets'
import { contentHashOf, type EventContent } from '../canonical'
import { subjectOf } from '../subject'
import type { Faults } from './faults'
import type { LeafRow } from './read-leaves'

/** What the check of events gathers besides faults. */
export interface Tally {
  /** Events whose personal data was erased, as an event `privacy.erased` says. */
  erased: number
  /** Subjects by the first event seen of them, and those whose row agrees with the event that made it. */
  subjects: Map<string, number>
  confirmed: Set<string>
}

export interface Checking {
  secrets: SecretBox
  faults: Faults
  tally: Tally
  isErased(subjectId: string): boolean
}

/** The event's columns against its bytes, what was received, and the disclosure against its commitment. */
export function checkEvent(row: LeafRow & { content: Buffer }, scope: string, checking: Checking): void {
  const { faults } = checking
  const index = row.leafIndex
  if (!contentHashOf(row.content).equals(row.contentHash)) faults.add('modified', index, 'content_hash')
  const event = parsed(row.content)
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

/** The columns that are copies of the bytes and do not agree with them. */
function differing(row: LeafRow, event: EventContent): string[] {
  const refs = [row.tenantId, row.partnerId].filter((ref) => ref !== null).sort()
  const pairs: [string, unknown, unknown][] = [
    ['id', row.id, event.id],
    ['at', row.at, event.at],
    ['received_at', row.receivedAt, event.recv],
    ['scope', row.scope, event.scope],
    ['source', row.source, event.meta.source],
    ['external_id', row.externalId, event.meta.ext ?? null],
    ['action', row.action, event.action],
    ['category', row.category, event.meta.category],
    ['severity', row.severity, event.meta.severity],
    ['outcome', row.outcome, event.meta.outcome],
    ['actor_type', row.actorType, event.actor.type],
    ['actor_id', row.actorId, event.actor.id],
    ['resource_type', row.resourceType, event.resource.type],
    ['resource_id', row.resourceId, event.resource.id],
    ['tenant_id or partner_id', refs.join(' '), (event.refs ?? []).join(' ')],
    ['partner_id', row.partnerId ?? 'platform', event.scope],
  ]
  return pairs.filter(([, held, said]) => held !== said).map(([column]) => column)
}

function checkDisclosure(row: LeafRow, event: EventContent, { secrets, faults, tally, isErased }: Checking): void {
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
  if ((ip === undefined ? null : secrets.tag('ip', ip)) !== row.ipTag) faults.add('modified', index, 'ip_tag of the disclosure')
  if (!tally.subjects.has(subjectId)) tally.subjects.set(subjectId, index)
  const emailTag = email === undefined ? null : secrets.tag('email', email.toLowerCase())
  if (row.subjectCreatedAt === event.recv && row.emailTag === emailTag) tally.confirmed.add(subjectId)
}

function opened(row: LeafRow, secrets: SecretBox): string | null {
  try {
    return openWith(Buffer.from(secrets.open('audit-subject', row.keyBox!), 'hex'), row.id!, row.box!)
  } catch {
    return null
  }
}
