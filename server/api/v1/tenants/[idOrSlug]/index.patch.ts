import { TenantParams, TenantPatch, TenantSummary } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { updateTenant } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Change a tenant; what is left out stays',
  permission: 'tenants.write',
  params: TenantParams,
  body: TenantPatch,
  response: TenantSummary,
  handler: (ctx, { params, body }) => updateTenant(ctx, params.idOrSlug, body),
})
