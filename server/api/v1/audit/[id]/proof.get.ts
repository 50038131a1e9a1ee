import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { proveInclusion } from '#server/services/audit'
import { InclusionProof } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'That an event stands in its log: its bytes, its leaf, and the path to the root',
  permission: 'audit.read',
  params: z.object({ id: z.string().min(1) }),
  response: InclusionProof,
  handler: (ctx, { params }) => proveInclusion(ctx, params.id),
})
