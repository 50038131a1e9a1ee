import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { auditEvent } from '#server/services/audit'
import { AuditEventDetail } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'One event of the audit log with those that belong to it, and where its proof is',
  permission: 'audit.search',
  params: z.object({ id: z.string().min(1) }),
  response: AuditEventDetail,
  handler: (ctx, { params }) => auditEvent(ctx, params.id),
})
