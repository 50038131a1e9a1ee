import { defineApiHandler } from '#server/http/define-api-handler'
import { requestBulkRun } from '#server/services/checks'
import { BulkRun, BulkRunInput } from '#shared/schemas/overview'

export default defineApiHandler({
  summary: 'Has many domains looked at as soon as can be: those named, or all of a filter',
  permission: 'checks.run',
  body: BulkRunInput,
  response: BulkRun,
  status: 202,
  handler: (ctx, { body }) => requestBulkRun(ctx, body),
})
