import { defineApiHandler } from '#server/http/define-api-handler'
import { auditStats } from '#server/services/audit'
import { AuditStats } from '#shared/schemas/audit'
import { AuditFilter } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'Totals of the audit log for a filter, with the moment at which they were counted',
  permission: 'audit.search',
  query: AuditFilter,
  response: AuditStats,
  handler: (ctx, { query }) => auditStats(ctx, query),
})
