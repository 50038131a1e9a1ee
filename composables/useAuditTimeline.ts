import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { AuditPage } from '#shared/schemas/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { newsOf, withNews } from './audit/news'
import { auditKeys, fetchAuditPage } from './useAudit'

/** However much happens, the log is asked this often. */
const LOOK_EVERY_MS = 1_000

/** The log under a filter, page after page. It stands still: what is new meanwhile is counted in `news` and comes with `show`. */
export function useAuditTimeline(filter: Readonly<Ref<AuditFilter>>) {
  const client = useQueryClient()
  const query = useInfiniteQuery(
    computed(() => ({
      queryKey: auditKeys.list(filter.value),
      queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) =>
        fetchAuditPage(filter.value, pageParam, signal),
      initialPageParam: '',
      getNextPageParam: ({ nextCursor }: AuditPage) => nextCursor,
      placeholderData: keepPreviousData,
      staleTime: Infinity,
      refetchOnReconnect: false,
      shallow: true,
    })),
  )
  const events = computed(() => query.data.value?.pages.flatMap((page) => page.events) ?? [])
  const searchedBackTo = computed(() => query.data.value?.pages.at(-1)?.searchedBackTo ?? null)
  const { first, forget } = useFirstPage(filter)
  const news = computed(() => {
    const known = query.data.value
    return known && first.value && !query.isPlaceholderData.value ? newsOf(known, first.value) : null
  })

  function show() {
    const page = first.value
    if (!page) return
    client.setQueryData<InfiniteData<AuditPage, string>>(auditKeys.list(filter.value), (known) => known && withNews(known, page))
    void client.invalidateQueries({ queryKey: auditKeys.counts })
    forget()
  }
  return { query, events, searchedBackTo, news, show }
}

/** The first page as it is now, asked for whenever the live stream tells of events, while somebody looks. */
function useFirstPage(filter: Readonly<Ref<AuditFilter>>) {
  const client = useQueryClient()
  const first = shallowRef<AuditPage | null>(null)
  const told = useQuery({ queryKey: auditKeys.told, queryFn: () => 0, enabled: false })
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function look() {
    const [mine, wanted] = [++asked, filter.value]
    const page = await fetchAuditPage(wanted).catch(() => null)
    if (mine === asked && page) first.value = page
  }
  function lookSoon() {
    if (document.hidden) return
    timer ??= setTimeout(() => {
      timer = undefined
      void look()
    }, LOOK_EVERY_MS)
  }
  function forget() {
    asked++
    first.value = null
  }
  watch(told.data, lookSoon)
  watch(() => JSON.stringify(filter.value), forget)
  onMounted(() => {
    // A list of some minutes ago is shown again as it was.
    if (client.getQueryData(auditKeys.list(filter.value))) lookSoon()
    document.addEventListener('visibilitychange', lookSoon)
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', lookSoon)
  })
  return { first, forget }
}
