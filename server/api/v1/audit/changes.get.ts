import { defineApiHandler } from '#server/http/define-api-handler'
import { changes } from '#server/services/checks'
import { Changes, ChangesQuery } from '#shared/schemas/history'

export default defineApiHandler({
  summary: 'What changed between two moments: checks that say something else at the end than at the beginning',
  permission: 'checks.read',
  query: ChangesQuery,
  response: Changes,
  handler: (ctx, { query }) => changes(ctx, query),
})
