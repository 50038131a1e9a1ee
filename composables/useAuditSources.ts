import { queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'
import { type IngestId, IngestSource, IngestSourceList, type IngestSourcePatch, IngestSourceTest } from '#shared/schemas/ingest'
import { api } from './api'
import { auditKeys } from './useAudit'

const PATH = '/api/v1/audit/sources'
const KEY = [...auditKeys.all, 'sources'] as const
const EVERY_MS = 5_000

/** Every source with its state; what it does is seen within seconds. */
export const auditSourcesOptions = () =>
  queryOptions({
    queryKey: KEY,
    queryFn: ({ signal }) => api(PATH, { schema: IngestSourceList, signal }),
    refetchInterval: EVERY_MS,
  })

/** A changed source takes its place in the list at once. */
function useReplace() {
  const client = useQueryClient()
  return {
    async onSuccess(source: IngestSource) {
      // A list that is on its way may be older than this answer.
      await client.cancelQueries({ queryKey: KEY })
      client.setQueryData<IngestSourceList>(
        KEY,
        (known) => known && { ...known, sources: known.sources.map((one) => (one.id === source.id ? source : one)) },
      )
    },
    onError: () => client.invalidateQueries({ queryKey: KEY }),
  }
}

/** Pauses a source, lets it go on, or changes its settings. */
export function useChangeSource() {
  return useMutation({
    mutationFn: ({ id, patch }: { id: IngestId; patch: IngestSourcePatch }) =>
      api(`${PATH}/${id}`, { schema: IngestSource, method: 'PATCH', body: patch }),
    ...useReplace(),
  })
}

/** Has a source looked at now; what it finds comes later. */
export function useRunSource() {
  return useMutation({
    mutationFn: (id: IngestId) => api(`${PATH}/${id}/run`, { schema: IngestSource, method: 'POST' }),
    ...useReplace(),
  })
}

/** Tries a source with its settings, and stores no event. */
export function useTestSource() {
  return useMutation({
    mutationFn: (id: IngestId) => api(`${PATH}/${id}/test`, { schema: IngestSourceTest, method: 'POST' }),
  })
}
