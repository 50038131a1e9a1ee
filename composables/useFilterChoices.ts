import { queryOptions, useQuery } from '@tanstack/vue-query'
import { TenantList } from '#shared/schemas/tenants'

const LOOKED_AT = 1000
const FRESH_MS = 5 * 60_000

const firstTenants = queryOptions({
  queryKey: ['tenants', 'first'],
  queryFn: ({ signal }) => api('/api/v1/tenants', { schema: TenantList, query: { limit: LOOKED_AT }, signal }),
  staleTime: FRESH_MS,
})

/** What can be filtered by: the partners and mail hosts there are, the first thousand tenants, and the plans that these have. */
export function useFilterChoices() {
  const partners = useQuery(partnersOptions())
  const mailHosts = useQuery(mailHostsOptions())
  const plans = useQuery({
    ...firstTenants,
    select: ({ tenants }) => [...new Set(tenants.flatMap(({ plan }) => plan ?? []))].sort(),
  })
  const tenants = useQuery(firstTenants)
  return {
    tenants: computed(() => tenants.data.value?.tenants.map(({ slug, name }) => ({ value: slug, label: name })) ?? []),
    partners: computed(() => partners.data.value?.map(({ slug, name }) => ({ value: slug, label: name })) ?? []),
    mailHosts: computed(() => mailHosts.data.value?.map(({ id, name }) => ({ value: id, label: name })) ?? []),
    plans: computed(() => plans.data.value?.map((plan) => ({ value: plan, label: plan })) ?? []),
  }
}

/** How many tenants there are, those without a domain included. */
export const useTenantCount = () =>
  useQuery({
    queryKey: ['tenants', 'count'],
    queryFn: ({ signal }) => api('/api/v1/tenants', { schema: TenantList, query: { limit: 1 }, signal }),
    select: ({ total }) => total,
  })
