import { useMutation, useQuery } from '@tanstack/vue-query'
import { BulkRun, type BulkRunInput, BulkRunWaiting } from '#shared/schemas/overview'

const PATH = '/api/v1/audit/bulk-run'
const POLL_MS = 2_000
const KEPT = 'vigia-bulk-run'

/** A look at many domains: starts one, or forgets it. It is remembered in the tab, so that one can leave the page, or load it again. */
export function useBulkRun() {
  const run = useState<BulkRun | null>('bulk-run', remembered)
  const toast = useToast()

  const start = useMutation({
    mutationFn: (input: BulkRunInput) => api(PATH, { schema: BulkRun, method: 'POST', body: input }),
    onSuccess: (begun) => remember((run.value = begun)),
    onError: (error) => toast.failure('The look was not started', error),
  })
  function end() {
    remember((run.value = null))
  }
  return { run, start, end }
}

/** How far the look at many domains is; says so when it is over. For the one place that shows it. */
export function useBulkProgress() {
  const { run, end } = useBulkRun()
  const toast = useToast()
  const left = useQuery(
    computed(() => ({
      queryKey: ['checks', 'bulk-run', run.value?.at],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api(PATH, { schema: BulkRunWaiting, query: { at: run.value?.at }, signal }),
      enabled: run.value !== null,
      refetchInterval: POLL_MS,
      staleTime: 0,
    })),
  )
  const waiting = computed(() => left.data.value?.waiting ?? run.value?.waiting ?? 0)

  watch([run, () => left.data.value?.waiting], ([current, count]) => {
    if (!current || count !== 0) return
    toast.success(`${current.total.toLocaleString('en')} ${current.total === 1 ? 'domain' : 'domains'} looked at again`)
    end()
  })
  return { run, waiting, error: left.error, end }
}

function remembered(): BulkRun | null {
  try {
    return BulkRun.nullable().safeParse(JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

function remember(run: BulkRun | null) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(run))
  } catch {
    // Storage may be switched off: the run goes on all the same.
  }
}
