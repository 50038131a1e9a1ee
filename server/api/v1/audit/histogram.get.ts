import { defineApiHandler } from '#server/http/define-api-handler'
import { auditHistogram } from '#server/services/audit'
import { AuditHistogram } from '#shared/schemas/audit'
import { AuditFilter } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'Volume of the audit log by outcome for a filter',
  permission: 'audit.search',
  query: AuditFilter,
  response: AuditHistogram,
  handler: (ctx, { query }) => auditHistogram(ctx, query),
})
