import { openWith, type SecretBox } from '#server/platform/secrets'
import type { Scalar } from '../canonical'
import { subjectKey } from '../subject-key'

/** What is sealed of an event, each part null when it is no longer there. */
export interface Sealed {
  eventId: string | null
  keyBox: string | null
  box: string | null
}

/**
 * The personal data behind an event; null when it was erased.
 * @throws ServiceError INTERNAL when the box was changed, or sealed under another VIGIA_SECRET_KEY
 */
export function disclosureOf(secrets: SecretBox, { eventId, keyBox, box }: Sealed): Record<string, Scalar> | null {
  if (eventId === null || keyBox === null || box === null) return null
  return JSON.parse(openWith(subjectKey(secrets, keyBox), eventId, box)) as Record<string, Scalar>
}
