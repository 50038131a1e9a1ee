import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { listDeviations } from '#server/services/checks'
import { Deviations, DeviationsQuery } from '#shared/schemas/deviations'

export default defineApiHandler({
  summary: 'What is accepted for the domains of a tenant, or for one of them',
  permission: 'checks.read',
  params: z.object({ idOrSlug: z.string().min(1) }),
  query: DeviationsQuery,
  response: Deviations,
  handler: (ctx, { params, query }) => listDeviations(ctx, { ...params, ...query }),
})
