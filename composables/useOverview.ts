import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { Matrix, Overview } from '#shared/schemas/checks'
import { type OverviewFilters, readFilters, writeFilters } from './overview/filters'
import { filterMatrix } from './overview/matrix-rows'

type Query = Record<string, string | undefined>

const PATH = '/api/v1/audit/overview'
const PAGE_SIZE = 200

export const overviewKeys = {
  all: ['checks', 'overview'] as const,
  heads: ['checks', 'overview', 'head'] as const,
  lists: ['checks', 'overview', 'list'] as const,
  matrices: ['checks', 'overview', 'matrix'] as const,
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

/** What the headline, the tiles and the banners tell. */
export function useOverviewHead() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  return useQuery(
    computed(() => {
      const { q, failing, partner, plan, mailHost } = filters.value
      return headOptions({ q, failing, partner, plan, mailHost, tenant: tenant.value })
    }),
  )
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

/** All rows of the matrix; status, failing check and order are applied here. The text is the server's: only it knows every tenant's name. */
export function useOverviewMatrix() {
  const { filters } = useOverviewFilters()
  const { tenant } = useScope()
  const matrix = useQuery(
    computed(() => {
      const { q, partner, plan, mailHost, view } = filters.value
      return { ...matrixOptions({ q, partner, plan, mailHost, tenant: tenant.value }), enabled: view === 'matrix' }
    }),
  )
  const rows = computed(() => filterMatrix(matrix.data.value?.rows ?? [], filters.value))
  return { ...matrix, rows }
}
