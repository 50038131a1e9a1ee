import type { AuditOutcome, AuditSeverity } from '#shared/schemas/audit-filter'
import type { ExtendedTone } from '#shared/status'

/** How an outcome looks. */
export const OUTCOME_TONES: Record<AuditOutcome, ExtendedTone> = {
  success: 'pass',
  failure: 'fail',
  partial: 'warn',
  pending: 'unknown',
}

/** How a severity looks: quiet until somebody should look. */
export const SEVERITY_TONES: Record<AuditSeverity, ExtendedTone> = {
  low: 'skipped',
  medium: 'info',
  high: 'warn',
  critical: 'fail',
}
