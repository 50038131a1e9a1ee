import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { removeView } from '#server/services/audit'

export default defineApiHandler({
  summary: 'Removes a saved view of your own',
  permission: 'audit.search',
  params: z.object({ id: z.string().min(1) }),
  response: z.null(),
  status: 204,
  handler: (ctx, { params }) => removeView(ctx, params.id).then(() => null),
})
