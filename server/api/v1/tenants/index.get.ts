import { TenantList, TenantsQuery } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { listTenants } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Tenants by name, with their status',
  permission: 'tenants.read',
  query: TenantsQuery,
  response: TenantList,
  handler: (ctx, { query }) => listTenants(ctx, query),
})
