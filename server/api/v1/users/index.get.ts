import { defineApiHandler } from '#server/http/define-api-handler'
import { listUsers } from '#server/services/access'
import { UserList } from '#shared/schemas/access'

export default defineApiHandler({
  summary: 'Everybody who has signed in',
  permission: 'users.read',
  response: UserList,
  handler: async (ctx) => ({ users: await listUsers(ctx) }),
})
