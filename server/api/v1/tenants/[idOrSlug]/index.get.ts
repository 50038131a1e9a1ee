import { Tenant, TenantParams } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { getTenant } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'A tenant with its domains',
  permission: 'tenants.read',
  params: TenantParams,
  response: Tenant,
  handler: (ctx, { params }) => getTenant(ctx, params.idOrSlug),
})
