import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { mend } from '#server/services/checks'
import { ScorecardQuery } from '#shared/schemas/checks'
import { Mend } from '#shared/schemas/mend'

export default defineApiHandler({
  summary:
    'All records that a domain should publish beside what it has, as a zone file too, and what has to change on its mail host',
  permission: 'checks.read',
  params: z.object({ idOrSlug: z.string().min(1) }),
  query: ScorecardQuery,
  response: Mend,
  handler: (ctx, { params, query }) => mend(ctx, { ...params, ...query }),
})
