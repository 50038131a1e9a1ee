import type { ActionArea } from '../contract'

/** The log itself: erasure, verification, restore. */
export const auditActions = {
  'privacy.erased': {
    category: 'data',
    severity: 'high',
    sentence: '{actor} erased the personal data of {resource}[ ({basis})]',
    data: { basis: 'text', count: 'count' },
    person: true,
  },
  'audit.verified': {
    category: 'data',
    severity: 'low',
    sentence: '{actor} verified the audit log: {verdict}[, {events} events]',
    failed: '{actor} verified the audit log: {verdict}[, {events} events]',
    data: { verdict: 'text', events: 'count', logs: 'count' },
  },
  'audit.log_restored': {
    category: 'data',
    severity: 'critical',
    sentence: '{actor} put the audit log {resource} back from a backup[ with {size} events][, of {rememberedSize} remembered]',
    data: {
      log: 'text',
      size: 'count',
      root: 'text',
      rememberedLog: 'text',
      rememberedSize: 'count',
      rememberedRoot: 'text',
    },
  },
} as const satisfies ActionArea
