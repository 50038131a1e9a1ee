import { z } from 'zod'
import { ServiceError } from '#shared/errors'
import { DomainInput, MailHostInput, PartnerInput, TenantInput } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { addDomain } from './add-domain'
import { createMailHost } from './create-mail-host'
import { createPartner } from './create-partner'
import { createTenant } from './create-tenant'
import { listPartners } from './read'
import { listMailHosts } from './read-mail-hosts'

/** A sample provider as bodies of the API; what has no id yet is named by slug or name. */
export const SampleWorld = z.object({
  partners: z.array(PartnerInput),
  mailHosts: z.array(MailHostInput),
  tenants: z.array(z.object({ body: TenantInput, partner: z.string().nullable() })),
  domains: z.array(z.object({ tenant: z.string(), mailHost: z.string().nullable(), body: DomainInput })),
})
export type SampleWorld = z.infer<typeof SampleWorld>

/** Makes all that the sample holds, through the same verbs as a person; what is already there stays as it is. Returns what is new. */
export async function loadSample(ctx: Context, sample: SampleWorld): Promise<{ tenants: number; domains: number }> {
  for (const partner of sample.partners) await unlessThere(createPartner(ctx, partner))
  for (const mailHost of sample.mailHosts) await unlessThere(createMailHost(ctx, mailHost))
  const partnerIds = new Map((await listPartners(ctx)).map(({ slug, id }) => [slug, id]))
  const mailHostIds = new Map((await listMailHosts(ctx)).map(({ name, id }) => [name, id]))
  let [tenants, domains] = [0, 0]
  for (const { body, partner } of sample.tenants)
    tenants += await unlessThere(createTenant(ctx, { ...body, partnerId: partner && partnerIds.get(partner) }))
  for (const { tenant, mailHost, body } of sample.domains)
    domains += await unlessThere(addDomain(ctx, tenant, { ...body, mailHostId: mailHost && mailHostIds.get(mailHost) }))
  return { tenants, domains }
}

async function unlessThere(made: Promise<unknown>): Promise<0 | 1> {
  try {
    await made
    return 1
  } catch (error) {
    if (error instanceof ServiceError && error.token === 'CONFLICT') return 0
    throw error
  }
}
