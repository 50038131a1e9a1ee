import { defineApiHandler } from '#server/http/define-api-handler'
import { saveView } from '#server/services/audit'
import { AuditView, AuditViewInput } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'Keeps a filter of the audit log under a name',
  permission: 'audit.search',
  body: AuditViewInput,
  response: AuditView,
  status: 201,
  handler: (ctx, { body }) => saveView(ctx, body),
})
