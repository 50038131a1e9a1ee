import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { Overview } from '#shared/schemas/overview'
import { TenantList } from '#shared/schemas/tenants'

const SHOWN = 6
const SWITCHER_SHOWN = 50

interface Asked {
  q: Readonly<Ref<string>>
  /** Only tenants are wanted, and many of them. */
  isSwitcher: Readonly<Ref<boolean>>
}

/** The domain of exactly this name first, however many others hold it. */
async function findDomains(text: string, signal: AbortSignal) {
  const ask = (query: Record<string, string>) =>
    api('/api/v1/audit/overview', { schema: Overview, query: { ...query, limit: SHOWN }, signal })
  const [exact, holding] = await Promise.all([text.includes('.') ? ask({ domain: text }) : null, ask({ q: text })])
  const own = exact?.domains ?? []
  return { own: own.length > 0, domains: [...own, ...holding.domains.filter(({ id }) => id !== own[0]?.id)] }
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
    queryFn: ({ signal }) => findDomains(q.value.trim(), signal),
    enabled: isSearch,
    placeholderData: keepPreviousData,
  })
  const allPartners = useQuery(partnersOptions())
  return {
    tenants: computed(() => tenants.data.value ?? []),
    domains: computed(() => (isSearch() ? (domains.data.value?.domains ?? []) : [])),
    /** The first domain is the one that was typed. */
    isExact: computed(() => isSearch() && domains.data.value?.own === true),
    partners: computed(() => {
      const needle = q.value.trim().toLowerCase()
      const found = (allPartners.data.value ?? []).filter(({ slug, name }) => `${name}\n${slug}`.toLowerCase().includes(needle))
      return isSearch() ? found.slice(0, SHOWN) : []
    }),
    busy: computed(() => tenants.isFetching.value || domains.isFetching.value),
  }
}
