import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { MailHost, MailHostList, type MailHostInput, type MailHostPatch } from '#shared/schemas/tenants'
import { api, NoContent } from './api'
import { checkKeys } from './useChecks'

const PATH = '/api/v1/mail-hosts'

export const mailHostKeys = { all: ['mail-hosts'] as const }

export const mailHostsOptions = () =>
  queryOptions({
    queryKey: mailHostKeys.all,
    queryFn: ({ signal }) => api(PATH, { schema: MailHostList, signal }),
    select: (list) => list.mailHosts,
  })

/** The mail host that a new domain is most likely on: the only one there is. Empty while there are none, or several. */
export function useLikelyMailHost() {
  const { data } = useQuery(mailHostsOptions())
  return computed(() => (data.value?.length === 1 ? data.value[0]!.id : ''))
}

/** What a host is expected to be decides verdicts, so the grid is asked again too. */
function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: checkKeys.all })
    return client.invalidateQueries({ queryKey: mailHostKeys.all })
  }
}

export function useCreateMailHost() {
  return useMutation({
    mutationFn: (body: MailHostInput) => api(PATH, { schema: MailHost, method: 'POST', body }),
    onSuccess: useRefresh(),
  })
}

export function useUpdateMailHost() {
  return useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: MailHostPatch }) =>
      api(`${PATH}/${id}`, { schema: MailHost, method: 'PATCH', body: patch }),
    onSuccess: useRefresh(),
  })
}

export function useRemoveMailHost() {
  return useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      api(`${PATH}/${id}`, { schema: NoContent, method: 'DELETE', query: { version } }),
    onSuccess: useRefresh(),
  })
}
