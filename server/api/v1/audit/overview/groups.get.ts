import { defineApiHandler } from '#server/http/define-api-handler'
import { overviewGroups } from '#server/services/checks'
import { Groups, GroupsQuery } from '#shared/schemas/overview'

export default defineApiHandler({
  summary: 'How the domains of a filter stand, grouped by partner, mail host or failing check',
  permission: 'checks.read',
  query: GroupsQuery,
  response: Groups,
  handler: (ctx, { query }) => overviewGroups(ctx, query),
})
