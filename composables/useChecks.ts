import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, ref, toValue, watch } from 'vue'
import { type CheckId, type CheckStatus, Run, RunStarted, Scorecard } from '#shared/schemas/checks'
import { Mend } from '#shared/schemas/mend'
import type { LiveCheck, LiveExtended, LiveRun } from '#shared/schemas/live'
import { api } from './api'

/** Verdicts of a run as they come in, before the run has confirmed them. */
export type RunProgress = Partial<Record<CheckId, CheckStatus>>

export const checkKeys = {
  all: ['checks'] as const,
  scorecards: ['checks', 'scorecard'] as const,
  scorecard: (tenant: string, domain: string) => ['checks', 'scorecard', tenant, domain] as const,
  mend: (tenant: string, domain: string) => ['checks', 'mend', tenant, domain] as const,
  run: (runId: string) => ['checks', 'run', runId] as const,
  progress: (runId: string, domain: string) => ['checks', 'progress', runId, domain] as const,
}

/** The eight verdicts of one domain with their evidence. */
export const scorecardOptions = (tenant: string, domain: string) =>
  queryOptions({
    queryKey: checkKeys.scorecard(tenant, domain),
    queryFn: ({ signal }) =>
      api(`/api/v1/audit/tenants/${encodeURIComponent(tenant)}/scorecard`, { schema: Scorecard, query: { domain }, signal }),
  })

/** All that one domain should publish. */
export function useMend(tenant: MaybeRefOrGetter<string>, domain: MaybeRefOrGetter<string>) {
  return useQuery(
    computed(() =>
      queryOptions({
        queryKey: checkKeys.mend(toValue(tenant), toValue(domain)),
        queryFn: ({ signal }) =>
          api(`/api/v1/audit/tenants/${encodeURIComponent(toValue(tenant))}/mend`, {
            schema: Mend,
            query: { domain: toValue(domain) },
            signal,
          }),
      }),
    ),
  )
}

const RUN_POLL_MS = 1_500
const isOver = (status: string | undefined) => status === 'done' || status === 'failed'

/** How far a run is. The live stream moves it; polling carries on where the stream is down. */
export const runOptions = (runId: string | null) =>
  queryOptions({
    queryKey: checkKeys.run(runId ?? ''),
    queryFn: ({ signal }) => api(`/api/v1/audit/runs/${encodeURIComponent(runId ?? '')}`, { schema: Run, signal }),
    enabled: runId !== null,
    refetchInterval: ({ state }) => (isOver(state.data?.status) ? false : RUN_POLL_MS),
    staleTime: 0,
  })

/** A live `check` event: one verdict of a run has come in. */
export function applyLiveCheck(client: QueryClient, event: LiveCheck): void {
  client.setQueryData<RunProgress>(checkKeys.progress(event.runId, event.domain), (known) => ({
    ...known,
    [event.checkId]: event.status,
  }))
}

/** A live `run` event: a run has moved, or a domain has new stored verdicts. */
export function applyLiveRun(client: QueryClient, event: LiveRun): void {
  const { runId, status, done, total, summary } = event
  if (runId) client.setQueryData<Run>(checkKeys.run(runId), (known) => ({ ...known, runId, status, done, total }))
  if (summary) void invalidateDomain(client, summary.tenant.slug, summary.domain)
}

/** What is shown of one domain is asked for again. */
async function invalidateDomain(client: QueryClient, tenant: string, domain: string): Promise<void> {
  const keys = [checkKeys.scorecard(tenant, domain), checkKeys.mend(tenant, domain)]
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** A live `extended` event: an extended check says something else. */
export function applyLiveExtended(client: QueryClient, { tenant, domain }: LiveExtended): void {
  void client.invalidateQueries({ queryKey: checkKeys.scorecard(tenant, domain) })
}

/** The scorecard of one domain. */
export function useScorecard(tenant: MaybeRefOrGetter<string>, domain: MaybeRefOrGetter<string>) {
  return useQuery(computed(() => scorecardOptions(toValue(tenant), toValue(domain))))
}

/**
 * Runs the checks of one domain and follows the run, also one that somebody else has started (`activeRunId`).
 * A second start while one runs joins it: the server gives the same id.
 */
export function useRun(
  tenant: MaybeRefOrGetter<string>,
  domain: MaybeRefOrGetter<string>,
  activeRunId: MaybeRefOrGetter<string | null>,
) {
  const client = useQueryClient()
  const followed = ref<string | null>(null)
  const failed = ref(false)
  watch(
    () => [toValue(tenant), toValue(domain), toValue(activeRunId)] as const,
    ([, , active], before) => {
      if (before && (before[0] !== toValue(tenant) || before[1] !== toValue(domain))) followed.value = null
      if (active) followed.value = active
    },
    { immediate: true },
  )

  const start = useMutation({
    mutationFn: () =>
      api(`/api/v1/audit/run/${encodeURIComponent(toValue(tenant))}`, {
        schema: RunStarted,
        method: 'POST',
        query: { domain: toValue(domain) },
      }),
    onMutate: () => {
      failed.value = false
    },
    onSuccess: ({ runId }) => {
      followed.value = runId
    },
  })

  const run = useQuery(computed(() => runOptions(followed.value)))
  const progress = useQuery(
    computed(() => ({
      queryKey: checkKeys.progress(followed.value ?? '', toValue(domain)),
      queryFn: (): RunProgress => ({}),
      enabled: false,
    })),
  )
  const over = computed(() => isOver(run.data.value?.status) || run.isError.value)
  const running = computed(() => start.isPending.value || (followed.value !== null && !over.value))

  watch([followed, over], async ([runId, isDone]) => {
    if (!runId || !isDone) return
    failed.value = run.data.value?.status === 'failed'
    // What came in stays on the rows until the confirmed verdicts are here.
    await invalidateDomain(client, toValue(tenant), toValue(domain))
    if (followed.value === runId) followed.value = null
  })

  return {
    start: () => {
      if (!running.value) start.mutate()
    },
    running,
    /** Checks that have finished; the whole run's own count where no live verdict has come in. */
    done: computed(() => Object.keys(progress.data.value ?? {}).length || (run.data.value?.done ?? 0)),
    total: computed(() => run.data.value?.total ?? 0),
    error: computed(() => start.error.value ?? run.error.value),
    failed,
    progress: computed<RunProgress>(() => (followed.value ? (progress.data.value ?? {}) : {})),
  }
}
