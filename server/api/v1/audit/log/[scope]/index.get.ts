import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { headOfLog } from '#server/services/audit'
import { LogHead, LogQuery } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'How many events a log has, and the root over them: keep both, and ask later for consistency',
  permission: 'audit.read',
  params: z.object({ scope: z.string().min(1) }),
  query: LogQuery,
  response: LogHead,
  handler: (ctx, { params, query }) => headOfLog(ctx, { ...params, ...query }),
})
