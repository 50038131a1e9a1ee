import { defineApiHandler } from '#server/http/define-api-handler'
import { auditPage } from '#server/services/audit'
import { AuditPage } from '#shared/schemas/audit'
import { AuditQuery } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'The audit log, newest first, narrowed by its filters; a page may be short while nextCursor is set',
  permission: 'audit.search',
  query: AuditQuery,
  response: AuditPage,
  handler: (ctx, { query }) => auditPage(ctx, query),
})
