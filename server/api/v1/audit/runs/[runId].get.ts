import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { getRun } from '#server/services/checks'
import { Run } from '#shared/schemas/checks'

export default defineApiHandler({
  summary: 'How far a run is, and its verdicts once it is done',
  permission: 'checks.read',
  params: z.object({ runId: z.string().min(1) }),
  response: Run,
  handler: (ctx, { params }) => getRun(ctx, params.runId),
})
