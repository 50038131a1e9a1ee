import { Partner, PartnerInput } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { createPartner } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Create a partner',
  permission: 'tenants.write',
  body: PartnerInput,
  response: Partner,
  status: 201,
  handler: (ctx, { body }) => createPartner(ctx, body),
})
