import { createHmac } from 'node:crypto'
import { openWith, type SecretBox } from '#server/platform/secrets'
import type { EventContent } from '../canonical'
import { subjectOf } from '../subject'
import { subjectKey } from '../subject-key'
import { differing } from './copies'
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
  for (const column of differing(row.copies, event)) faults.add('modified', index, column)
  if (event.meta.ext !== undefined && row.dedupEventId === null) faults.add('missing', index, 'the row of audit_dedup')
  else if (row.dedupEventId !== null && row.dedupEventId !== event.id) faults.add('modified', index, 'the row of audit_dedup')
  checkDisclosure(row, event, checking)
}

function parsed(content: string): EventContent | null {
  try {
    return JSON.parse(content) as EventContent
  } catch {
    return null
  }
}

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
  const personal = opened(row, event.id, secrets)
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

function opened({ keyBox, box }: LeafRow, eventId: string, secrets: SecretBox): string | null {
  try {
    return openWith(subjectKey(secrets, keyBox!), eventId, box!)
  } catch {
    return null
  }
}
