import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { type ExportQuery, Groups, Matrix, Overview } from '#shared/schemas/overview'
import { type OverviewFilters, readFilters, writeFilters } from './overview/filters'
import { filterMatrix } from './overview/matrix-rows'

type Query = Record<string, string | undefined>

const PATH = '/api/v1/audit/overview'
const PAGE_SIZE = 200
const REST_MS = 120

export const overviewKeys = {
  all: ['checks', 'overview'] as const,
  heads: ['checks', 'overview', 'head'] as const,
  lists: ['checks', 'overview', 'list'] as const,
  matrices: ['checks', 'overview', 'matrix'] as const,
  groups: ['checks', 'overview', 'groups'] as const,
}

/** Totals, cycle and incidents. The status is left out of its filter, so that the tiles tell what the other ones hold. */
const headOptions = (query: Query) =>
  queryOptions({
    queryKey: [...overviewKeys.heads, query],
    queryFn: ({ signal }) => api(PATH, { schema: Overview, query: { ...query, limit: 1 }, signal }),
    placeholderData: keepPreviousData,
    shallow: true,
  })

/** Domains page after page. */
const listOptions = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...overviewKeys.lists, query],
    queryFn: ({ pageParam, signal }) =>
      api(PATH, { schema: Overview, query: { ...query, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    shallow: true,
  })

const matrixOptions = (query: Query) =>
  queryOptions({
    queryKey: [...overviewKeys.matrices, query],
    queryFn: ({ signal }) => api(PATH, { schema: Matrix, query: { ...query, view: 'matrix' }, signal }),
    placeholderData: keepPreviousData,
    // 10,000 rows: neither wrapped for reactivity nor compared one by one.
    shallow: true,
    structuralSharing: false,
  })

/** The filters in the URL. Choosing one makes a step for Back; typing does not. */
export function useOverviewFilters() {
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => readFilters(route.query))

  function set(patch: Partial<OverviewFilters>, { typing = false } = {}) {
    const query = writeFilters(route.query, patch) as Record<string, string>
    return typing ? router.replace({ query }) : router.push({ query })
  }

  const clear = () =>
    set({ q: undefined, status: undefined, failing: undefined, partner: undefined, plan: undefined, mailHost: undefined })
  return { filters, set, clear }
}

/** What the headline, the tiles and the banners tell; `behind` while they tell of other filters. Rows come first: totals are counted once a choice rests. */
export function useOverviewHead() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  const asked = computed(() => {
    const { q, failing, partner, plan, mailHost } = filters.value
    return { q, failing, partner, plan, mailHost, tenant: tenant.value }
  })
  const rested = useDebounced(asked, REST_MS)
  const head = useQuery(computed(() => headOptions(rested.value)))
  return { ...head, behind: computed(() => rested.value !== asked.value || head.isPlaceholderData.value) }
}

/** How everything in scope stands, for the shell: it is on every page, so it follows no page's filters. */
export function useStanding() {
  const { tenant } = useScope()
  return useQuery(computed(() => headOptions({ tenant: tenant.value })))
}

/** The domains for cards and rows, and the way to more of them. */
export function useOverviewList() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  const list = useInfiniteQuery(
    computed(() => {
      const { view, ...rest } = filters.value
      return { ...listOptions({ ...rest, tenant: tenant.value }), enabled: view !== 'matrix' }
    }),
  )
  const domains = computed(() => list.data.value?.pages.flatMap((page) => page.domains) ?? [])
  return { ...list, domains }
}

/** All rows of the matrix; text, status, failing check and order are applied here. */
export function useOverviewMatrix() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  const matrix = useQuery(
    computed(() => {
      const { partner, plan, mailHost, view } = filters.value
      return { ...matrixOptions({ partner, plan, mailHost, tenant: tenant.value }), enabled: view === 'matrix' }
    }),
  )
  const names = computed(() => matrix.data.value?.names ?? {})
  const rows = computed(() => filterMatrix(matrix.data.value?.rows ?? [], filters.value, names.value))
  return { ...matrix, rows, names }
}

/** The filters of the URL as the server takes them, tenant switch included. */
export function useOverviewQuery() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  return computed(() => {
    const { q, status, failing, partner, plan, mailHost } = filters.value
    const query = { q, status, failing, partner, plan, mailHost, tenant: tenant.value }
    return Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<string, string>
  })
}

/** How the domains stand in the groups that the URL asks for. */
export function useOverviewGroups() {
  const { filters } = useOverviewFilters()
  const query = useOverviewQuery()
  return useQuery(
    computed(() => ({
      queryKey: [...overviewKeys.groups, filters.value.group, query.value],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api(`${PATH}/groups`, { schema: Groups, query: { ...query.value, by: filters.value.group }, signal }),
      enabled: filters.value.group !== undefined,
      placeholderData: keepPreviousData,
    })),
  )
}

/** Where a file of exactly what is filtered can be had. */
export function useExportLinks() {
  const { filters } = useOverviewFilters()
  const query = useOverviewQuery()
  return (format: ExportQuery['format']) =>
    `${PATH}/export?${String(new URLSearchParams({ ...query.value, sort: filters.value.sort, format }))}`
}
