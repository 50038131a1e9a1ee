import type { Reader } from '#drizzle/reader'
import type { SecretBox } from '#server/platform/secrets'
import { keeping } from '../kept'
import { openSubjectKey } from '../subject-key'
import { erasureDeclared, subjectAt } from './read-people'

/** People and addresses that are remembered: events are of the same few. */
const REMEMBERED = 20_000

/** A subject as its row says. */
export interface Subject {
  /** Null when it does not open. */
  key: Buffer | null
  emailTag: string | null
  createdAt: number
}

/** What a task needs of its thread. What is remembered is remembered until the verification ends. */
export interface TaskWorld {
  db: Reader
  secrets: SecretBox
  /** Null when there is none, as after an erasure. */
  subject(id: string): Subject | null
  isErased(subjectId: string): boolean
  ipTag(ip: string): string
}

export function createTaskWorld(db: Reader, secrets: SecretBox): TaskWorld {
  const subject = keeping(REMEMBERED, (id) => {
    const row = subjectAt(db, id)
    return { found: row && { ...row, key: opened(secrets, row.keyBox) } }
  })
  return {
    ...{ db, secrets },
    subject: (id) => subject(id).found,
    isErased: keeping(REMEMBERED, (id) => erasureDeclared(db, id)),
    ipTag: keeping(REMEMBERED, (ip) => secrets.tag('ip', ip)),
  }
}

function opened(secrets: SecretBox, keyBox: string): Buffer | null {
  try {
    return openSubjectKey(secrets, keyBox)
  } catch {
    return null
  }
}
