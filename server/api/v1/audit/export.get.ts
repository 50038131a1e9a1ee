import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { sendPieces } from '#server/http/prepared'
import { exportAudit } from '#server/services/audit'
import { AuditExportQuery } from '#shared/schemas/audit-filter'

export default defineApiHandler({
  summary: 'Exactly the events of a filter, any number, as JSON lines or CSV; an export is audited',
  permission: 'audit.search',
  query: AuditExportQuery,
  response: z.string(),
  handler: async (ctx, { query, event }) => sendPieces(event, await exportAudit(ctx, query)),
})
