import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { sendPrepared } from '#server/http/prepared'
import { overviewAnswer } from '#server/services/checks'
import { Matrix, Overview, OverviewQuery } from '#shared/schemas/overview'

export default defineApiHandler({
  summary: 'How all mail domains stand: cards with totals, or the matrix with view=matrix',
  permission: 'checks.read',
  query: OverviewQuery,
  response: z.union([Overview, Matrix]),
  handler: async (ctx, { query, event }) => sendPrepared(event, await overviewAnswer(ctx, query)),
})
