import type { ActionArea } from '../contract'

/** The sources that events of other systems come from. */
export const ingestActions = {
  'ingest_source.updated': {
    category: 'configuration',
    severity: 'high',
    sentence: '{actor} changed the audit source {resource}[: {changed}]',
    data: { paused: 'flag', settings: 'text', changed: 'text' },
  },
  'ingest_source.run_requested': {
    category: 'system',
    severity: 'low',
    sentence: '{actor} had the audit source {resource} looked at',
  },
  'ingest_source.tested': {
    category: 'system',
    severity: 'low',
    sentence: '{actor} tried the audit source {resource}[: {fault}]',
    data: { fault: 'text' },
  },
  'ingest_source.signature_refused': {
    category: 'access',
    severity: 'medium',
    sentence: 'What came for the audit source {resource} was not signed with its secret[ ({repeated} more times before)]',
    failed: 'What came for the audit source {resource} was not signed with its secret[ ({repeated} more times before)]',
    data: { repeated: 'count' },
  },
} as const satisfies ActionArea
