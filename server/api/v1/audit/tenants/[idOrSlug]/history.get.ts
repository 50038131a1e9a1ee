import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { history } from '#server/services/checks'
import { History, HistoryQuery } from '#shared/schemas/history'

export default defineApiHandler({
  summary: 'When the checks of a domain changed, from what to what, with both records; newest first',
  permission: 'checks.read',
  params: z.object({ idOrSlug: z.string().min(1) }),
  query: HistoryQuery,
  response: History,
  handler: (ctx, { params, query }) => history(ctx, { ...params, ...query }),
})
