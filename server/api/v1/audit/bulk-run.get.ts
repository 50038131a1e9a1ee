import { defineApiHandler } from '#server/http/define-api-handler'
import { bulkRunWaiting } from '#server/services/checks'
import { BulkRunQuery, BulkRunWaiting } from '#shared/schemas/overview'

export default defineApiHandler({
  summary: 'How many domains of a bulk run still wait for their look',
  permission: 'checks.read',
  query: BulkRunQuery,
  response: BulkRunWaiting,
  handler: (ctx, { query }) => bulkRunWaiting(ctx, query.at),
})
