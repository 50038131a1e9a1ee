import { queryOptions, useQuery } from '@tanstack/vue-query'
import { Me } from '#shared/schemas/access'

export const meKeys = { all: ['me'] as const }

/** Whoever is signed in; it changes with a full load only. */
export const meOptions = () =>
  queryOptions({
    queryKey: meKeys.all,
    queryFn: ({ signal }) => api('/api/v1/me', { schema: Me, signal }),
    staleTime: Infinity,
  })

export const useMe = () => useQuery(meOptions())
