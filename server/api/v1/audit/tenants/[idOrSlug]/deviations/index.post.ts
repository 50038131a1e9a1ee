import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { acceptDeviation } from '#server/services/checks'
import { Deviation, DeviationInput } from '#shared/schemas/deviations'

export default defineApiHandler({
  summary: 'Accept what a check warns of or fails for, with a reason and until when: it leaves the score and stays visible',
  permission: 'checks.accept',
  params: z.object({ idOrSlug: z.string().min(1) }),
  body: DeviationInput,
  response: Deviation,
  status: 201,
  handler: (ctx, { params, body }) => acceptDeviation(ctx, params.idOrSlug, body),
})
