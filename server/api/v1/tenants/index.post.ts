import { TenantInput, TenantSummary } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { createTenant } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Create a tenant',
  permission: 'tenants.write',
  body: TenantInput,
  response: TenantSummary,
  status: 201,
  handler: (ctx, { body }) => createTenant(ctx, body),
})
