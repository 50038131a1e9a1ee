import { type InfiniteData, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import type { DomainSummary, Matrix, Overview } from '#shared/schemas/overview'
import { LiveAudit, LiveCheck, LiveCycle, LiveExtended, LiveRun } from '#shared/schemas/live'
import { withCells, withCheck, withSummaries } from './live/apply'
import { followLive, type LiveKind, type StreamState } from './live/stream'
import { applyLiveAudit, isAuditList } from './useAudit'
import { applyLiveCheck, applyLiveExtended, applyLiveRun } from './useChecks'
import { overviewKeys } from './useOverview'
import { applyLiveSummary } from './useTenants'

type LiveState = StreamState

/** A whole cycle tells one event a domain; they are written into the cache a few times a second. */
const BATCH_MS = 200
/** Totals and incidents come from the server, at most this often. */
const HEAD_EVERY_MS = 2_000

/** How the live stream stands and, when it is down, since when. */
export function useLive() {
  const state = useState<LiveState>('live-state', () => 'connecting')
  const downSince = useState<number | null>('live-down-since', () => null)
  return { state, downSince }
}

/** Follows the stream for as long as the calling component lives and writes what it tells into the cache. For the shell, once. */
export function useLiveStream(): void {
  const client = useQueryClient()
  const { state, downSince } = useLive()
  const summaries = batchedSummaries(client)
  let stop: (() => void) | undefined

  onMounted(() => {
    stop = followLive('/api/v1/live', {
      onState(next) {
        state.value = next
        downSince.value = next === 'reconnecting' ? (downSince.value ?? Date.now()) : null
      },
      onEvent: (kind, data) => handle(client, summaries.add, kind, data),
    })
  })
  onBeforeUnmount(() => {
    stop?.()
    summaries.stop()
  })
}

function handle(client: QueryClient, add: (summary: DomainSummary) => void, kind: LiveKind, data: string) {
  if (kind === 'reset') return catchUp(client)
  const json = parseJson(data)
  if (kind === 'cycle') {
    const cycle = LiveCycle.safeParse(json).data
    if (cycle) client.setQueriesData<Overview>({ queryKey: overviewKeys.heads }, (head) => head && { ...head, cycle })
  } else if (kind === 'extended') {
    const told = LiveExtended.safeParse(json).data
    if (told) applyLiveExtended(client, told)
  } else if (kind === 'audit') {
    const told = LiveAudit.safeParse(json).data
    if (told) applyLiveAudit(client, told)
  } else if (kind === 'check') {
    const check = LiveCheck.safeParse(json).data
    if (!check) return
    client.setQueriesData<InfiniteData<Overview, string>>(
      { queryKey: overviewKeys.lists },
      (list) => list && withCheck(list, check),
    )
    applyLiveCheck(client, check)
  } else {
    const run = LiveRun.safeParse(json).data
    if (!run) return
    applyLiveRun(client, run)
    if (run.summary) {
      add(run.summary)
      applyLiveSummary(client, run.summary)
    }
  }
}

/** Something was missed: all is asked for again, but the audit log, which offers what is new. */
function catchUp(client: QueryClient) {
  void client.invalidateQueries({ predicate: (query) => !isAuditList(query) })
  applyLiveAudit(client, { count: 1 })
}

/** Collects summaries and writes them together; afterwards the totals are asked for, since one tenant's status hangs on several domains. */
function batchedSummaries(client: QueryClient) {
  const waiting = new Map<string, DomainSummary>()
  let batchTimer: ReturnType<typeof setTimeout> | undefined
  let headTimer: ReturnType<typeof setTimeout> | undefined

  function write() {
    batchTimer = undefined
    const byId = new Map(waiting)
    waiting.clear()
    client.setQueriesData<InfiniteData<Overview, string>>(
      { queryKey: overviewKeys.lists },
      (list) => list && withSummaries(list, byId),
    )
    client.setQueriesData<Matrix>({ queryKey: overviewKeys.matrices }, (matrix) => matrix && withCells(matrix, byId))
    headTimer ??= setTimeout(() => {
      headTimer = undefined
      void client.invalidateQueries({ queryKey: overviewKeys.heads })
      void client.invalidateQueries({ queryKey: overviewKeys.groups })
    }, HEAD_EVERY_MS)
  }

  return {
    add(summary: DomainSummary) {
      waiting.set(summary.id, summary)
      batchTimer ??= setTimeout(write, BATCH_MS)
    },
    stop() {
      clearTimeout(batchTimer)
      clearTimeout(headTimer)
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
