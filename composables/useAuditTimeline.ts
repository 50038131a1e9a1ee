import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { AuditPage } from '#shared/schemas/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'
import { lookEverySoOften } from './audit/looks'
import { newsOf, withNews } from './audit/news'
import { auditKeys, fetchAuditPage } from './useAudit'

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
  const { first, missed } = useFirstPage(filter)
  const news = computed(() => {
    const known = query.data.value
    return known && first.value && !query.isPlaceholderData.value ? newsOf(known, first.value) : null
  })

  function show() {
    const page = first.value
    if (!page) return
    client.setQueryData<InfiniteData<AuditPage, string>>(auditKeys.list(filter.value), (known) => known && withNews(known, page))
    void client.invalidateQueries({ queryKey: auditKeys.counts })
  }
  return { query, events, searchedBackTo, news, missed, show }
}

/**
 * The first page as it is now, asked for whenever the live stream tells of events, while somebody looks. It is kept when it has been
 * shown: an answer of older events that was on its way then brings a list without it, and it is offered again. `missed` is when it
 * could not be had, milliseconds; null since it could.
 */
function useFirstPage(filter: Readonly<Ref<AuditFilter>>) {
  const client = useQueryClient()
  const first = shallowRef<AuditPage | null>(null)
  const missed = ref<number | null>(null)
  const { state } = useLive()
  const told = useQuery({ queryKey: auditKeys.told, queryFn: () => 0, enabled: false })
  const looks = lookEverySoOften({
    isWatched: () => !document.hidden,
    look: () => fetchAuditPage(filter.value),
    found(page) {
      first.value = page
      missed.value = null
    },
    failed: () => (missed.value ??= Date.now()),
  })

  function forget() {
    looks.forget()
    first.value = null
    missed.value = null
  }
  watch(told.data, looks.soon)
  // What happened between the first answer and the stream's first word, nobody has told.
  watch(state, (now) => now === 'live' && looks.soon())
  watch(() => JSON.stringify(filter.value), forget)
  onMounted(() => {
    // A list of some minutes ago is shown again as it was.
    if (client.getQueryData(auditKeys.list(filter.value))) looks.soon()
    document.addEventListener('visibilitychange', looks.soon)
  })
  onBeforeUnmount(() => {
    looks.stop()
    document.removeEventListener('visibilitychange', looks.soon)
  })
  return { first, missed }
}
