import { z } from 'zod'
import { DomainParams, RemovalQuery } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { removeDomain } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Remove a domain; its past stays',
  permission: 'tenants.write',
  params: DomainParams,
  query: RemovalQuery,
  response: z.null(),
  status: 204,
  handler: (ctx, { params, query }) => removeDomain(ctx, params.idOrSlug, params.domain, query.version).then(() => null),
})
