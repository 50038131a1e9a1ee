import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { proveConsistency } from '#server/services/audit'
import { ConsistencyProof, ConsistencyQuery } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'That a log of a given size is the beginning of the same log at another size',
  permission: 'audit.read',
  params: z.object({ scope: z.string().min(1) }),
  query: ConsistencyQuery,
  response: ConsistencyProof,
  handler: (ctx, { params, query }) => proveConsistency(ctx, { ...params, ...query }),
})
