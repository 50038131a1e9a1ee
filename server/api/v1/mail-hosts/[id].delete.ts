import { z } from 'zod'
import { MailHostParams, RemovalQuery } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { removeMailHost } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Remove a mail host that no domain uses',
  permission: 'mail-hosts.write',
  params: MailHostParams,
  query: RemovalQuery,
  response: z.null(),
  status: 204,
  handler: (ctx, { params, query }) => removeMailHost(ctx, params.id, query.version).then(() => null),
})
