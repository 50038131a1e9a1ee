import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { sendPieces } from '#server/http/prepared'
import { exportOverview } from '#server/services/checks'
import { ExportQuery } from '#shared/schemas/overview'

export default defineApiHandler({
  summary: 'Exactly the domains of a filter, in its order, as a CSV or JSON file; an export is audited',
  permission: 'checks.read',
  query: ExportQuery,
  response: z.string(),
  handler: async (ctx, { query, event }) => sendPieces(event, await exportOverview(ctx, query)),
})
