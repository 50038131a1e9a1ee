import { MailHostList } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { listMailHosts } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Mail hosts by name, and how many domains use each',
  permission: 'mail-hosts.read',
  response: MailHostList,
  handler: async (ctx) => ({ mailHosts: await listMailHosts(ctx) }),
})
