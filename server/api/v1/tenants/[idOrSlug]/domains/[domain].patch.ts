import { Domain, DomainParams, DomainPatch } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { updateDomain } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Change what is expected of a domain; it is checked again at once',
  permission: 'tenants.write',
  params: DomainParams,
  body: DomainPatch,
  response: Domain,
  handler: (ctx, { params, body }) => updateDomain(ctx, params.idOrSlug, params.domain, body),
})
