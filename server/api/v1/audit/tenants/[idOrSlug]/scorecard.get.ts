import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { scorecard } from '#server/services/checks'
import { Scorecard, ScorecardQuery } from '#shared/schemas/checks'

export default defineApiHandler({
  summary: 'The eight verdicts of a domain with evidence and what to do; without domain= of the worst domain of the tenant',
  permission: 'checks.read',
  params: z.object({ idOrSlug: z.string().min(1) }),
  query: ScorecardQuery,
  response: Scorecard,
  handler: (ctx, { params, query }) => scorecard(ctx, { ...params, ...query }),
})
