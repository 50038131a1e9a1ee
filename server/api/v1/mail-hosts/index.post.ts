import { MailHost, MailHostInput } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { createMailHost } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Create a mail host; its password is write-only',
  permission: 'mail-hosts.write',
  body: MailHostInput,
  response: MailHost,
  status: 201,
  handler: (ctx, { body }) => createMailHost(ctx, body),
})
