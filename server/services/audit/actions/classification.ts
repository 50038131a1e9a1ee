import type { Category } from '#shared/audit-words'
import type { ActionKind } from './contract'

/** How long events of a kind are of use; the days are the operator's policy. */
export const RETENTION_CLASSES = {
  security: 'Who came in, who was refused, who got which right',
  change: 'What was set, made or removed',
  operation: 'What went on day by day',
  evidence: 'The log itself, exports and erasures',
} as const
export type RetentionClass = keyof typeof RETENTION_CLASSES

export type Regulation = 'LGPD' | 'GDPR' | 'ISO 27001'

export interface Classification {
  /** It tells of a person, or holds a person's data beside it. */
  personalData: boolean
  regulations: readonly Regulation[]
  retention: RetentionClass
}

const RETENTION: Record<Category, RetentionClass> = {
  authentication: 'security',
  access: 'security',
  identity: 'security',
  tenant: 'change',
  partner: 'change',
  flags: 'change',
  configuration: 'change',
  mail: 'operation',
  files: 'operation',
  content: 'operation',
  system: 'operation',
  data: 'evidence',
}

/** An action of a later version. */
const UNKNOWN: Pick<ActionKind, 'category' | 'personal' | 'person'> = { category: 'system' }

/**
 * LGPD and GDPR hold wherever there is personal data; ISO 27001 (A.8.15, A.5.28) asks for records of security, of changes and of the
 * handling of evidence.
 * @param hasDisclosure whether somebody's data lies beside this very event, as that of any actor who is a person
 */
export function classificationOf(kind: ActionKind | undefined, hasDisclosure = false): Classification {
  const { category, personal, person } = kind ?? UNKNOWN
  const personalData = hasDisclosure || person === true || personal !== undefined
  const retention = RETENTION[category]
  return {
    personalData,
    regulations: [
      ...(personalData ? (['LGPD', 'GDPR'] as const) : []),
      ...(retention === 'operation' ? [] : (['ISO 27001'] as const)),
    ],
    retention,
  }
}
