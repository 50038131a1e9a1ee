import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { requestRun } from '#server/services/checks'
import { RunStarted, ScorecardQuery } from '#shared/schemas/checks'

export default defineApiHandler({
  summary: 'Looks at a domain of a tenant now, or without domain= at all of them; while a run is under way, answers that one',
  permission: 'checks.run',
  params: z.object({ idOrSlug: z.string().min(1) }),
  query: ScorecardQuery,
  response: RunStarted,
  status: 202,
  handler: (ctx, { params, query }) => requestRun(ctx, { ...params, ...query }),
})
