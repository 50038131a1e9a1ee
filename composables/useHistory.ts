import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { AnyCheckId } from '#shared/schemas/checks'
import { Deviation, type DeviationInput } from '#shared/schemas/deviations'
import { Changes, History } from '#shared/schemas/history'

const DAY_MS = 86_400_000
const CHANGES_OF_CHECK = 50

/** When one check of a domain changed; asked for once somebody wants to see it. */
export function useCheckHistory(of: () => { tenant: string; domain: string; check: AnyCheckId }, wanted: Readonly<Ref<boolean>>) {
  return useQuery(
    computed(() => {
      const { tenant, domain, check } = of()
      return {
        queryKey: ['checks', 'history', tenant, domain, check],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          api(`/api/v1/audit/tenants/${encodeURIComponent(tenant)}/history`, {
            schema: History,
            query: { domain, check, limit: CHANGES_OF_CHECK },
            signal,
          }),
        enabled: wanted.value,
      }
    }),
  )
}

/** Accepts what a check says, or takes that back; the scorecard is asked for again. */
export function useDeviation(tenant: () => string) {
  const client = useQueryClient()
  const path = () => `/api/v1/audit/tenants/${encodeURIComponent(tenant())}/deviations`
  const onSuccess = () => client.invalidateQueries({ queryKey: ['checks'] })
  const accept = useMutation({
    mutationFn: (input: DeviationInput) => api(path(), { schema: Deviation, method: 'POST', body: input }),
    onSuccess,
  })
  const withdraw = useMutation({
    mutationFn: ({ id }: Deviation) => api(`${path()}/${encodeURIComponent(id)}`, { schema: NoContent, method: 'DELETE' }),
    onSuccess,
  })
  return { accept, withdraw }
}

interface Position {
  since: string
  until?: string
  cursor?: string
}

/** What says something else now than so many days ago, page after page of one and the same span. */
export function useChanges(days: Readonly<Ref<number>>) {
  const query = useOverviewQuery()
  const changes = useInfiniteQuery(
    computed(() => {
      const { q, tenant, partner, plan, mailHost } = query.value
      const filter = { q, tenant, partner, plan, mailHost }
      return {
        queryKey: ['checks', 'changes', days.value, filter],
        queryFn: ({ pageParam, signal }: { pageParam: Position | null; signal: AbortSignal }) => {
          const since = new Date(Date.now() - days.value * DAY_MS).toISOString()
          return api('/api/v1/audit/changes', { schema: Changes, query: { ...filter, since, ...pageParam }, signal })
        },
        initialPageParam: null,
        getNextPageParam: ({ since, until, nextCursor }: Changes) =>
          nextCursor ? { since, until, cursor: nextCursor } : undefined,
      }
    }),
  )
  return { ...changes, rows: computed(() => changes.data.value?.pages.flatMap((page) => page.changes) ?? []) }
}
