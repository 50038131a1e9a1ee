import { MailHost, MailHostParams } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { getMailHost } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'A mail host',
  permission: 'mail-hosts.read',
  params: MailHostParams,
  response: MailHost,
  handler: (ctx, { params }) => getMailHost(ctx, params.id),
})
