import { defineApiHandler } from '#server/http/define-api-handler'
import { listViews } from '#server/services/audit'
import { AuditViews } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'The saved views of the audit log that are your own',
  permission: 'audit.search',
  response: AuditViews,
  handler: async (ctx) => ({ views: await listViews(ctx) }),
})
