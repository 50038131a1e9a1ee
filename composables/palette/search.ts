import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { Overview } from '#shared/schemas/checks'
import { TenantList } from '#shared/schemas/tenants'

const SHOWN = 6
const SWITCHER_SHOWN = 50

interface Asked {
  q: Readonly<Ref<string>>
  /** Only tenants are wanted, and many of them. */
  isSwitcher: Readonly<Ref<boolean>>
}

/** What is found for a text: tenants always, partners and domains once something is typed. */
export function usePaletteSearch({ q, isSwitcher }: Asked) {
  const isSearch = () => !isSwitcher.value && q.value.trim() !== ''
  const tenants = useQuery({
    queryKey: computed(() => ['tenants', 'palette', q.value, isSwitcher.value]),
    queryFn: ({ signal }) =>
      api('/api/v1/tenants', {
        schema: TenantList,
        query: { q: q.value, limit: isSwitcher.value ? SWITCHER_SHOWN : SHOWN },
        signal,
      }),
    select: (list) => list.tenants,
    placeholderData: keepPreviousData,
  })
  const domains = useQuery({
    queryKey: computed(() => ['checks', 'palette', q.value]),
    queryFn: ({ signal }) => api('/api/v1/audit/overview', { schema: Overview, query: { q: q.value, limit: SHOWN }, signal }),
    enabled: isSearch,
    select: (overview) => overview.domains,
    placeholderData: keepPreviousData,
  })
  const allPartners = useQuery(partnersOptions())
  return {
    tenants: computed(() => tenants.data.value ?? []),
    domains: computed(() => (isSearch() ? (domains.data.value ?? []) : [])),
    partners: computed(() => {
      const needle = q.value.trim().toLowerCase()
      const found = (allPartners.data.value ?? []).filter(({ slug, name }) => `${name}\n${slug}`.toLowerCase().includes(needle))
      return isSearch() ? found.slice(0, SHOWN) : []
    }),
    busy: computed(() => tenants.isFetching.value || domains.isFetching.value),
  }
}
