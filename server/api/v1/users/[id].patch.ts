import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { setUserActive } from '#server/services/access'
import { User, UserPatch } from '#shared/schemas/access'

export default defineApiHandler({
  summary: 'Let a user in, or lock them out from their next request on',
  permission: 'users.write',
  params: z.object({ id: z.string() }),
  body: UserPatch,
  response: User,
  handler: (ctx, { params, body }) => setUserActive(ctx, params.id, body),
})
