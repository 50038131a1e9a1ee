import { setResponseStatus } from 'h3'
import { z } from 'zod'
import { AddDomainsInput, BulkDomainsResult, Domain, TenantParams } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { addDomain, addDomains } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Add one domain (201, the domain), or up to 10,000 at once (200, a result for each line)',
  permission: 'tenants.write',
  params: TenantParams,
  body: AddDomainsInput,
  // Ten thousand lines, each with a key.
  bodyLimit: 16 * 1024 * 1024,
  response: z.union([Domain, BulkDomainsResult]),
  async handler(ctx, { params, body: { domain, domains, ...rest }, event }) {
    if (domains) return addDomains(ctx, params.idOrSlug, { domains, mailHostId: rest.mailHostId })
    setResponseStatus(event, 201)
    return addDomain(ctx, params.idOrSlug, { ...rest, domain: domain! })
  },
})
