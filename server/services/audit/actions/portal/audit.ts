import type { ActionArea } from '../contract'

/** The log itself: erasure, verification, restore, and what people took from it. */
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
  'audit.exported': {
    category: 'data',
    severity: 'medium',
    sentence: '{actor} began to export the audit log as {format}',
    data: { format: 'text', filter: 'text', personal: 'text' },
  },
  'audit.export_ended': {
    category: 'data',
    severity: 'low',
    sentence: '{actor} exported {events} events of the audit log as {format}',
    failed: 'An export of the audit log broke off after {events} events',
    data: { format: 'text', events: 'count', complete: 'flag' },
  },
  'audit.view_saved': { category: 'configuration', severity: 'low', sentence: '{actor} saved a view of the audit log' },
  'audit.view_removed': { category: 'configuration', severity: 'low', sentence: '{actor} removed a saved view of the audit log' },
} as const satisfies ActionArea
