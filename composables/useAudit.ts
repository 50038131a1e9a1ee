import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'
import { AuditEventDetail, AuditHistogram, AuditPage, AuditStats, InclusionProof } from '#shared/schemas/audit'
import { type AuditFilter, AuditView, type AuditViewInput, AuditViews } from '#shared/schemas/audit-filter'
import type { LiveAudit } from '#shared/schemas/live'
import { api, NoContent } from './api'

const PATH = '/api/v1/audit'
const PAGE_SIZE = 100
const NO_PLACE_YET_MS = 1_000
const RECENT_EVERY_MS = 2_000

export const auditKeys = {
  all: ['audit'] as const,
  lists: ['audit', 'list'] as const,
  list: (filter: AuditFilter) => ['audit', 'list', filter] as const,
  /** How many events the live stream has told of. */
  told: ['audit', 'told'] as const,
  counts: ['audit', 'counts'] as const,
  recents: ['audit', 'recent'] as const,
  views: ['audit', 'views'] as const,
}

/** A page of the log, newest first. */
export const fetchAuditPage = (filter: AuditFilter, before?: string, signal?: AbortSignal) =>
  api(PATH, { schema: AuditPage, query: { ...filter, limit: PAGE_SIZE, before }, signal })

/** Totals of a filter. */
export const auditStatsOptions = (filter: AuditFilter) =>
  queryOptions({
    queryKey: [...auditKeys.counts, 'stats', filter],
    queryFn: ({ signal }) => api(`${PATH}/stats`, { schema: AuditStats, query: filter, signal }),
    placeholderData: keepPreviousData,
  })

/** Volume by outcome over the range of a filter. */
export const auditHistogramOptions = (filter: AuditFilter) =>
  queryOptions({
    queryKey: [...auditKeys.counts, 'histogram', filter],
    queryFn: ({ signal }) => api(`${PATH}/histogram`, { schema: AuditHistogram, query: filter, signal }),
    placeholderData: keepPreviousData,
  })

/** One event with those that belong to it; asked for again until it has its place in the log. */
export const auditEventOptions = (id: string) =>
  queryOptions({
    queryKey: [...auditKeys.all, 'event', id],
    queryFn: ({ signal }) => api(`${PATH}/${encodeURIComponent(id)}`, { schema: AuditEventDetail, signal }),
    refetchInterval: ({ state }) => (state.data?.event.index === null ? NO_PLACE_YET_MS : false),
  })

/** What shows that an event stands in its log as it is now. */
export const fetchInclusionProof = (id: string) => api(`${PATH}/${encodeURIComponent(id)}/proof`, { schema: InclusionProof })

/** The newest few events of a filter. */
export const recentAuditOptions = (filter: AuditFilter, limit: number) =>
  queryOptions({
    queryKey: [...auditKeys.recents, filter, limit],
    queryFn: ({ signal }) => api(PATH, { schema: AuditPage, query: { ...filter, limit }, signal }),
    select: ({ events }) => events,
  })

/** Where a file of exactly what is filtered can be had. */
export const auditExportLink = (filter: AuditFilter, format: 'jsonl' | 'csv') =>
  `${PATH}/export?${String(new URLSearchParams({ ...filter, format }))}`

/** The filters that whoever is signed in has kept. */
export const auditViewsOptions = () =>
  queryOptions({
    queryKey: auditKeys.views,
    queryFn: ({ signal }) => api(`${PATH}/views`, { schema: AuditViews, signal }),
    select: ({ views }) => views,
  })

export function useSaveAuditView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: AuditViewInput) => api(`${PATH}/views`, { schema: AuditView, method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: auditKeys.views }),
  })
}

export function useRemoveAuditView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api(`${PATH}/views/${encodeURIComponent(id)}`, { schema: NoContent, method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: auditKeys.views }),
  })
}

let recentTimer: ReturnType<typeof setTimeout> | undefined

/** A live `audit` event: so many more stand in the log. Lists stay as they are; whoever shows one offers what is new. */
export function applyLiveAudit(client: QueryClient, { count }: Pick<LiveAudit, 'count'>): void {
  client.setQueryData<number>(auditKeys.told, (known) => (known ?? 0) + count)
  recentTimer ??= setTimeout(() => {
    recentTimer = undefined
    void client.invalidateQueries({ queryKey: auditKeys.recents })
  }, RECENT_EVERY_MS)
}

/** Whether a query is a list that somebody reads: it must not be asked for again under their eyes. */
export const isAuditList = ({ queryKey }: { queryKey: readonly unknown[] }) =>
  auditKeys.lists.every((part, at) => queryKey[at] === part)
