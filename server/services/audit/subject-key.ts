import type { SecretBox } from '#server/platform/secrets'
import { keeping } from './kept'

/** Keys of so many people who were met of late. */
const KEPT = 10_000

const keysOf = new WeakMap<SecretBox, (keyBox: string) => Buffer>()

/**
 * The key of a subject, from the box in its row. An opened one is remembered by its box: who does not read the box out of the database
 * now, because an erasure destroyed it, cannot ask for the key.
 * @throws ServiceError INTERNAL when the box was changed, or sealed under another VIGIA_SECRET_KEY
 */
export function subjectKey(secrets: SecretBox, keyBox: string): Buffer {
  const keyOf = keysOf.get(secrets) ?? keeping(KEPT, (box) => openSubjectKey(secrets, box))
  keysOf.set(secrets, keyOf)
  return keyOf(keyBox)
}

/** The same without remembering it. */
export function openSubjectKey(secrets: SecretBox, keyBox: string): Buffer {
  return Buffer.from(secrets.open('audit-subject', keyBox), 'hex')
}

/** The key of a new subject, sealed as its row holds it. */
export function sealedSubjectKey(secrets: SecretBox, key: Buffer): string {
  return secrets.seal('audit-subject', key.toString('hex'))
}
