import { PartnerList } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { listPartners } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Partners by name',
  permission: 'tenants.read',
  response: PartnerList,
  handler: async (ctx) => ({ partners: await listPartners(ctx) }),
})
