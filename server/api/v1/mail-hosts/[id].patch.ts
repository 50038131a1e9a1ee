import { MailHost, MailHostParams, MailHostPatch } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { updateMailHost } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Change a mail host; its domains are checked again at once',
  permission: 'mail-hosts.write',
  params: MailHostParams,
  body: MailHostPatch,
  response: MailHost,
  handler: (ctx, { params, body }) => updateMailHost(ctx, params.id, body),
})
