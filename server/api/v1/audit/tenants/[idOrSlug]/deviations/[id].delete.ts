import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { withdrawDeviation } from '#server/services/checks'
import { DeviationParams } from '#shared/schemas/deviations'

export default defineApiHandler({
  summary: 'Take an acceptance back: the check counts again at once',
  permission: 'checks.accept',
  params: DeviationParams,
  response: z.null(),
  status: 204,
  handler: (ctx, { params }) => withdrawDeviation(ctx, params).then(() => null),
})
