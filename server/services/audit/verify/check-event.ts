import { openWith } from '#server/platform/secrets'
import { personalCommitment } from '../canonical'
import { subjectOf } from '../subject'
import { differing } from './copies'
import { type EventFields, fieldsOf } from './event-text'
import type { LogCheck } from './log-check'
import { FIRST_COPY, type LeafRow } from './read-leaves'
import type { TaskWorld } from './task-world'

/** Where a check stands: what it may ask, and what it gathers. */
export interface Checking {
  world: TaskWorld
  check: LogCheck
  /** Subjects whose row agrees with the event that made it. */
  confirmed: Set<string>
}

/** The event's columns against its bytes, whose hash is given, what was received, and the disclosure against its commitment. */
export function checkEvent(row: LeafRow, contentHash: string, checking: Checking): void {
  const { faults, log } = checking.check
  const index = row.leafIndex
  if (contentHash !== row.contentHash) faults.add('modified', index, 'content_hash')
  const event = fieldsOf(row.content!)
  if (event === null) return faults.add('modified', index, 'content')
  if (event.scope !== log.scope) faults.add('forked', index, 'an event of another scope')
  for (const column of differing(row.columns, FIRST_COPY, event)) faults.add('modified', index, column)
  if (event.meta.ext !== undefined && row.dedupEventId === null) faults.add('missing', index, 'the row of audit_dedup')
  else if (row.dedupEventId !== null && row.dedupEventId !== event.id) faults.add('modified', index, 'the row of audit_dedup')
  checkDisclosure(row, event, checking)
}

function checkDisclosure(row: LeafRow, event: EventFields, { world, check, confirmed }: Checking): void {
  const { faults } = check
  const index = row.leafIndex
  if (event.pd === undefined) {
    if (row.box !== null) faults.add('modified', index, 'a disclosure that the event does not speak of')
    return
  }
  const subjectId = subjectOf(event)
  const subject = row.box === null ? null : world.subject(row.subjectId!)
  if (subject === null) {
    if (world.isErased(subjectId)) check.erased++
    else faults.add('missing', index, row.box === null ? 'the disclosure' : "the subject's key")
    return
  }
  if (row.subjectId !== subjectId) return faults.add('modified', index, 'subject_id of the disclosure')
  const personal = opened(subject.key, event.id, row.box!)
  if (personal === null) return faults.add('modified', index, "the disclosure, or the subject's key")
  if (personalCommitment(Buffer.from(row.salt ?? '', 'hex'), personal) !== event.pd)
    return faults.add('modified', index, 'the disclosure: it is not what the event commits to')
  const { ip, email } = JSON.parse(personal) as { ip?: string; email?: string }
  if ((ip === undefined ? null : world.ipTag(ip)) !== row.ipTag) faults.add('modified', index, 'ip_tag of the disclosure')
  if (!check.subjects.has(subjectId)) check.subjects.set(subjectId, index)
  if (subject.createdAt !== event.recv) return
  const emailTag = email === undefined ? null : world.secrets.tag('email', email.toLowerCase())
  if (subject.emailTag === emailTag) confirmed.add(subjectId)
}

function opened(key: Buffer | null, eventId: string, box: string): string | null {
  try {
    return key && openWith(key, eventId, box)
  } catch {
    return null
  }
}
